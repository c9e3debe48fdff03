// Turns the MobileNetV2 inside a TensorFlow.js model into a weights folder of the family mobilenet_v2:
// backbone.mjs MANIFEST TARGET
// Batch norm is folded into kernels and biases there, and stays so. Kernels are turned from HWIO (depthwise HWI1) to
// OIHW; their float16 is copied bit for bit. What the model has besides the backbone is left out.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [manifest, target] = process.argv.slice(2);
const group = JSON.parse(readFileSync(manifest, "utf8")).weightsManifest[0];
const data = Buffer.concat(group.paths.map((path) => readFileSync(join(dirname(manifest), path))));
const bytes = { float32: 4, int32: 4, float16: 2 };

const source = new Map();
let at = 0;
for (const { name, shape, dtype, quantization } of group.weights) {
  const type = quantization?.dtype ?? dtype;
  const count = shape.reduce((a, b) => a * b, 1);
  source.set(name.replace(/.*\/model_1\/model\//, "backbone/"), { shape, type, data: data.subarray(at, (at += count * bytes[type])) });
}

const tensors = new Map();
function convolution(name, from, kernels, bias) {
  const found = [`${from}_weights`, `${from.replace(/[^/]*$/, "")}${bias}`].map((n) => {
    const tensor = source.get(`backbone/${n}`);
    if (tensor?.type !== "float16") {
      console.error(`${manifest} has no float16 tensor ${n}`);
      process.exit(1);
    }

    source.delete(`backbone/${n}`);
    return tensor;
  });
  tensors.set(`${name}.weight`, kernels(found[0]));
  tensors.set(`${name}.bias`, found[1]);
}

// [height, width, inputs, outputs] to [outputs, inputs, height, width]; a depthwise kernel has its channels as inputs.
function turned({ shape: [height, width, inputs, outputs], data: from }, depthwise) {
  const area = height * width, pairs = inputs * outputs, to = Buffer.alloc(from.length);
  for (let place = 0; place < area; place++) {
    for (let pair = 0; pair < pairs; pair++) {
      const row = depthwise ? pair : (pair % outputs) * inputs + Math.floor(pair / outputs);
      from.copy(to, 2 * (row * area + place), 2 * (place * pairs + pair), 2 * (place * pairs + pair + 1));
    }
  }

  return { shape: depthwise ? [inputs, 1, height, width] : [outputs, inputs, height, width], data: to };
}

const dense = (name, from) => convolution(name, `${from}/Conv2D`, (k) => turned(k, false), "Conv2D_bn_offset");
const depthwise = (name, from) => convolution(name, `${from}/depthwise`, (k) => turned(k, true), "depthwise_bn_offset");

dense("features.0.0", "Conv1");
depthwise("features.1.conv.0.0", "expanded_conv_depthwise");
dense("features.1.conv.1", "expanded_conv_project");
for (let i = 1; i <= 16; i++) {
  dense(`features.${i + 1}.conv.0.0`, `block_${i}_expand`);
  depthwise(`features.${i + 1}.conv.1.0`, `block_${i}_depthwise`);
  dense(`features.${i + 1}.conv.2`, `block_${i}_project`);
}

dense("features.18.0", "Conv_1");
const rest = [...source.keys()].filter((name) => name.startsWith("backbone/"));
if (rest.length > 0) {
  console.error(`${manifest} has more in its backbone than a MobileNetV2: ${rest.join(", ")}`);
  process.exit(1);
}

const header = {};
let offset = 0;
for (const [name, { shape, data }] of tensors) {
  header[name] = { dtype: "F16", shape, data_offsets: [offset, (offset += data.length)] };
}

const text = JSON.stringify(header);
const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(json.length));
const partial = target + ".partial";
rmSync(partial, { recursive: true, force: true });
mkdirSync(partial, { recursive: true });
writeFileSync(join(partial, "model.safetensors"), Buffer.concat([length, json, ...[...tensors.values()].map((t) => t.data)]));
// Pixels enter as x / 127.5 - 1; TensorFlow pads "SAME". The epsilon is of no account where norms are folded.
writeFileSync(join(partial, "config.json"), JSON.stringify({
  model_type: "mobilenet_v2", tf_padding: true, layer_norm_eps: 1e-3, folded_batch_norm: true,
  num_channels: 3, image_size: 192, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5],
}, null, 2) + "\n");
rmSync(target, { recursive: true, force: true });
renameSync(partial, target);
console.log(`mobilenet-v2-backbone: ${tensors.size} tensors, ${offset / 2} parameters`);
