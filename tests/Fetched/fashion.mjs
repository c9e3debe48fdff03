// Draws a small dataset from Fashion-MNIST: fashion.mjs SOURCE TARGET
// From the training files the first 64 images of each class for training and the next 100 for validation; from the test
// files the first 100. IDX like the source.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const [source, target] = process.argv.slice(2);
const classes = 10, side = 28;
const partial = target + ".partial";
rmSync(partial, { recursive: true, force: true });
mkdirSync(partial, { recursive: true });
draw("train", { train: 64, validation: 100 });
draw("t10k", { t10k: 100 });
rmSync(target, { recursive: true, force: true });
renameSync(partial, target);

// Splits take their images of each class one after the other.
function draw(from, splits) {
  const images = read(`${from}-images-idx3`, 16), labels = read(`${from}-labels-idx1`, 8);
  const ofClass = Array.from({ length: classes }, () => []);
  labels.forEach((label, place) => ofClass[label].push(place));
  let start = 0;
  for (const [split, count] of Object.entries(splits)) {
    const places = ofClass.flatMap((all) => all.slice(start, start + count)).sort((a, b) => a - b);
    write(`${split}-images-idx3`, [places.length, side, side], places.map((p) => images.subarray(p * side * side, (p + 1) * side * side)));
    write(`${split}-labels-idx1`, [places.length], [Buffer.from(places.map((p) => labels[p]))]);
    console.log(`fashion-mnist-640: ${split}, ${places.length} images`);
    start += count;
  }
}

function read(name, header) {
  return gunzipSync(readFileSync(join(source, `${name}-ubyte.gz`))).subarray(header);
}

function write(name, shape, parts) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  writeFileSync(join(partial, `${name}-ubyte.gz`), gzipSync(Buffer.concat([header, ...parts])));
}
