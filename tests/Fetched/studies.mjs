// Runs the studies on real data through the REST API of a standalone host and prints their tables:
// node tests/Fetched/studies.mjs depth|halving|mails|mails-search|seeds|epoch...    one slot, one thread
// Needs what fetch brings and a built src/HyperSearch.Standalone. mails* also need two folders in ${MODELS:-models}, made by
// HyperSearch.Benchmarks pretrain-text MAILS MODELS/bert-pretrained 10, and ... MODELS/bert-scratch 0;
// FAMILIES=bert,resnet18 takes only these for seeds, SEEDS=12 as many seeds instead of 3. seeds and epoch need MODELS/resnet18-scratch, made by against-pytorch.py initial.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const root = resolve(import.meta.dirname, "../..");
const fetched = process.env.HYPERSEARCH_FETCHED ?? join(homedir(), ".cache/hypersearch");
const models = resolve(process.env.MODELS ?? "models");
const samples = join(root, "src/HyperSearch.Training/Samples");
const port = Number(process.env.PORT ?? 5998), url = `http://127.0.0.1:${port}`;
const accuracy = { metric: "val_accuracy", goal: "maximize" };

const mobilenet = { family: "mobilenet_v2", weights: join(fetched, "mobilenet-v2-backbone") };
const fashion = { path: join(fetched, "fashion-mnist-640"), image_size: 64 };
const bert = (weights) => ({ family: "bert", weights: join(models, weights), blocks: 3 });
const mails = { path: join(fetched, "mails"), format: "jsonl" };
const seven = {
  learning_rate: { min: 1e-5, max: 1e-2, scale: "log" }, batch_size: [16, 32, 64], epochs: [2, 4, 6], dropout: { min: 0, max: 0.5 },
  weight_decay: { min: 1e-6, max: 1e-1, scale: "log" }, lr_schedule: ["constant", "linear", "cosine", "step", "exponential", "one_cycle"],
  frozen_blocks: { min: 0, max: 3 },
};

const recipes = {
  // The best learning rate at three depths of freezing.
  async depth() {
    const rates = [3e-3, 1e-3, 3e-4, 1e-4], depths = [0, 11, 19];
    const { trials, summary } = await run({
      name: "depth", model: mobilenet, dataset: fashion, objective: accuracy, algorithm: "grid", baseline: false, seed: 1,
      search_space: { frozen_blocks: depths, learning_rate: rates, ...epochs() },
    });
    const cell = (depth, rate) => trials.find(({ parameters: p }) => p.frozen_blocks === depth && Math.abs(p.learning_rate / rate - 1) < 1e-6);
    const seconds = (depth) => rates.map((rate) => cell(depth, rate).device_seconds);
    table(["frozen of 19 blocks", ...rates.map(String), "seconds a trial"], depths.map((depth) =>
      [depth, ...rates.map((rate) => score(cell(depth, rate))), `${Math.min(...seconds(depth)).toFixed(0)} to ${Math.max(...seconds(depth)).toFixed(0)}`]));
    console.log(summary);
  },

  // Successive halving over the whole default space, depth of freezing included.
  async halving() {
    const { trials, summary } = await run({
      name: "halving", model: mobilenet, dataset: fashion, objective: accuracy, seed: 42, max_trials: 27,
      algorithm: { name: "successive_halving", reduction_factor: 3, min_epochs: 1, max_epochs: Number(process.env.EPOCHS ?? 9) },
    });
    best(trials, 5);
    console.log(summary);
  },

  // A pretrained encoder against the same one as it is drawn.
  async mails() {
    const rates = [3e-4, 1e-3];
    for (const weights of ["bert-pretrained", "bert-scratch"]) {
      const { trials, summary } = await run({
        name: weights, model: bert(weights), dataset: mails, objective: accuracy, algorithm: "grid", baseline: false, seed: 1,
        search_space: { learning_rate: rates, epochs: 5 },
      });
      table(["", ...rates.map(String)], [[weights, ...rates.map((rate) => score(trials.find((t) => Math.abs(t.parameters.learning_rate / rate - 1) < 1e-6)))]]);
      console.log(summary);
    }
  },

  // All seven hyperparameters on the mails.
  async "mails-search"() {
    const { trials, summary } = await run({
      name: "mails-search", model: bert("bert-pretrained"), dataset: mails, objective: accuracy, seed: 42, max_trials: 10, algorithm: "tpe", search_space: seven,
    });
    best(trials, 5);
    console.log(summary);
  },

  // Some seeds for each family with plain settings: what against-pytorch.py trains too.
  async seeds() {
    const settings = JSON.parse(readFileSync(join(root, "tests/Fetched/settings.json"), "utf8"));
    for (const [name, { family, weights, blocks, dataset, image_size, max_train_examples, parameters }] of Object.entries(settings).filter(([n]) => !process.env.FAMILIES || process.env.FAMILIES.split(",").includes(n))) {
      const scores = [], count = Number(process.env.SEEDS ?? 3);
      let peak = 0, seconds = 0;
      for (let seed = 1; seed <= count; seed++) {
        const { trials, peak: used } = await run({
          name: `${name}-${seed}`, model: { family, weights: place(weights), ...(blocks ? { blocks } : {}) },
          dataset: { path: place(dataset), ...(image_size ? { image_size } : {}), ...(max_train_examples ? { max_train_examples } : {}), ...(dataset.includes("mails") ? { format: "jsonl" } : {}) },
          objective: { ...accuracy, summary: "last" }, algorithm: "grid", baseline: false, seed, search_space: parameters,
        });
        scores.push(trials[0].value);
        peak = Math.max(peak, used);
        seconds += trials[0].device_seconds / count;
      }
      const mean = scores.reduce((a, b) => a + b) / count, sd = Math.sqrt(scores.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - 1));
      table(["family", `accuracy, seeds 1 to ${count}`, "mean", "sd", "seconds a trial", "peak of the child"], [[name, scores.map((s) => s.toFixed(3)).join(" "), mean.toFixed(3), sd.toFixed(3), seconds.toFixed(0), `${peak.toFixed(0)} MB`]]);
    }
  },

  // Examples per second on Fashion-MNIST: all of the training split, of ResNet-18 a tenth.
  async epoch() {
    const cases = [["convnet", "SAMPLES/convnet", undefined], ["resnet18", "MODELS/resnet18-scratch", 5400]];
    for (const [family, weights, most] of cases) {
      const { study } = await run({
        name: `${family}-epoch`, model: { family, weights: place(weights) }, algorithm: "grid", baseline: false, seed: 1, objective: accuracy,
        dataset: { path: "/usr/share/datasets/fashion-mnist", image_size: 28, ...(most ? { max_train_examples: most } : {}) },
        search_space: { learning_rate: 1e-3, epochs: 1, batch_size: 32, dropout: 0, weight_decay: 0.01 },
      });
      const [report] = (await call(`/v1/studies/${study.name}/trials/0/reports`)).items;
      console.log(`${family}, 28x28, batch 32: ${report.examples_per_second.toFixed(0)} examples/s over ${most ?? 54000} examples; accuracy ${report.val_accuracy.toFixed(3)} on 6,000`);
    }
  },
};

const place = (text) => text?.replace("FETCHED", fetched).replace("SAMPLES", samples).replace("MODELS", models);
const epochs = () => (process.env.EPOCHS ? { epochs: Number(process.env.EPOCHS) } : {});
const score = ({ value, diverged }) => (diverged ? "diverged" : value.toFixed(3));

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log([line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n"));
}

function best(trials, count) {
  const names = Object.keys(trials[0].parameters).filter((n) => new Set(trials.map((t) => t.parameters[n])).size > 1);
  const text = (v) => (typeof v === "number" && !Number.isInteger(v) ? v.toPrecision(2) : v ?? "");
  const rows = [...trials.filter((t) => t.value !== null).sort((a, b) => b.value - a.value).slice(0, count), ...trials.filter((t) => t.baseline)];
  table(["accuracy", "epochs run", ...names], rows.map((t) => [score(t) + (t.baseline ? " (baseline)" : ""), t.epochs, ...names.map((n) => text(t.parameters[n]))]));
}

async function call(path, body) {
  const answer = await fetch(url + path, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(`${path}: ${JSON.stringify(json)}`);
  }

  return json;
}

// The study, its trials, and the most memory that its child process had.
async function run(body) {
  const start = Date.now();
  forget();
  await call("/v1/studies", body);
  let study;
  do {
    await pause(500);
    study = await call(`/v1/studies/${body.name}`);
  } while (!["completed", "failed", "cancelled", "stopped"].includes(study.state));
  const trials = (await call(`/v1/studies/${body.name}/trials?limit=500`)).items;
  const seconds = (Date.now() - start) / 1000, top = study.best, test = study.test, peak = peakOfChildren();
  const summary = `${body.name}: ${study.state}, ${trials.length} trials in ${seconds.toFixed(0)} s; best ${top?.value?.toFixed(3)} ${JSON.stringify(top?.parameters)}; ` +
    `test ${test ? `${test.value.toFixed(3)} +- ${test.standard_error.toFixed(3)}, baseline ${test.baseline_value?.toFixed(3) ?? "none"}, ${test.examples} examples` : "none"}; peak of the child ${peak.toFixed(0)} MB`;
  console.error(summary);
  for (const { number, error } of trials.filter((t) => t.error)) {
    console.log(`trial ${number} failed: ${error.message}`);
  }

  return { study, trials, seconds, peak, summary };
}

function children() {
  return readdirSync("/proc").filter((id) => /^\d+$/.test(id)).filter((id) => field(id, "PPid") === host.pid);
}

function field(id, name) {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // The process has ended meanwhile.
  }
}

// 5 resets VmHWM: proc(5), clear_refs.
function forget() {
  children().forEach((id) => writeFileSync(`/proc/${id}/clear_refs`, "5"));
}

function peakOfChildren() {
  return Math.max(0, ...children().map((id) => field(id, "VmHWM"))) / 1024;
}

const data = mkdtempSync(join(tmpdir(), "hypersearch-studies-"));
const host = spawn(join(root, "src/HyperSearch.Standalone/bin/Release/net10.0/linux-x64/HyperSearch.Standalone"), ["--urls", url, "--data", data, "--slots", "1"], {
  env: { ...process.env, Catalog__Roots__0: fetched, Catalog__Roots__1: "/usr/share/datasets", Catalog__Roots__2: models, Catalog__Roots__3: samples },
  stdio: ["ignore", "ignore", "inherit"],
});
try {
  for (let ready = false; !ready; await pause(200)) {
    ready = await fetch(url + "/health/ready").then((a) => a.ok, () => false);
  }

  for (const name of process.argv.slice(2)) {
    console.log(`\n${name}`);
    await recipes[name]();
  }
} finally {
  host.kill("SIGINT");
  await new Promise((ended) => host.once("exit", ended));
  rmSync(data, { recursive: true, force: true });
}
