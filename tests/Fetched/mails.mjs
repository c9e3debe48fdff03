// Turns the unpacked mail corpus into JSONL splits: mails.mjs PACKAGE TARGET
// Only bodies: headers name lists and senders, and with them the label. Mails that are equal when their white space is
// taken for one are one mail, so that no text lies in two splits. Order by sha256 of the body: the same corpus gives the
// same splits everywhere.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const [source, target] = process.argv.slice(2);
const counts = { train: 600, validation: 400, test: 1000 };

const groups = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];
const files = groups.flatMap((group) =>
  readdirSync(join(source, "data", group)).filter((f) => f.endsWith(".txt")).sort().map((f) => join(source, "data", group, f)));

function body(text) {
  const at = text.search(/\r?\n\r?\n/);
  return at < 0 ? "" : text.slice(at).replace(/\r\n?/g, "\n").replace(/[\0-\x08\x0b-\x1f]/g, "").trim();
}

const mails = new Map();
for (const file of files) {
  const text = body(readFileSync(file, "latin1"));
  const hash = createHash("sha256").update(text.replace(/\s+/g, " ").toLowerCase()).digest("hex");
  if (text.length > 0 && !mails.has(hash)) {
    mails.set(hash, { text, label: basename(dirname(file)).startsWith("spam") ? "spam" : "ham" });
  }
}

const ordered = [...mails].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, mail]) => mail);
if (ordered.length < 5000 || ordered.filter((m) => m.label === "spam").length < 1000) {
  console.error(`only ${ordered.length} mails were found in ${source}`);
  process.exit(1);
}

const partial = target + ".partial";
rmSync(partial, { recursive: true, force: true });
mkdirSync(partial, { recursive: true });
let at = 0;
for (const [split, count] of Object.entries(counts)) {
  write(split, ordered.slice(at, (at += count)));
}
write("unlabelled", ordered.slice(at).map(({ text }) => ({ text })));
rmSync(target, { recursive: true, force: true });
renameSync(partial, target);

function write(split, rows) {
  writeFileSync(join(partial, split + ".jsonl"), rows.map((row) => JSON.stringify(row) + "\n").join(""));
  const spam = rows.filter((row) => row.label === "spam").length;
  console.log(`mails: ${split}.jsonl, ${rows.length} mails${rows[0].label ? `, ${spam} of them spam` : ""}`);
}
