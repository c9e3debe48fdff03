// What TensorFlow.js computes with the MobileNetV2 inside a model, for the test of the converted weights:
// backbone-reference.mjs MANIFEST OUT, with @tensorflow/tfjs-{core,converter,backend-cpu} 4.22.0 in NODE_PATH's node_modules.
// Two images of 64x64; pixel (y, x) of channel c in image i is (7 i + 3 y + 5 x + 11 c + x y) mod 256. OUT gets a line of
// JSON: the mean over all places of each of the 1,280 channels after the last ReLU6, an array for each image.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const require = createRequire(join(process.env.NODE_PATH ?? process.cwd(), "x.js"));
const tf = require("@tensorflow/tfjs-core");
const { loadGraphModel } = require("@tensorflow/tfjs-converter");
require("@tensorflow/tfjs-backend-cpu");

const [manifest, out] = process.argv.slice(2);
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(manifest, "utf8"));
const weights = Buffer.concat(weightsManifest[0].paths.map((path) => readFileSync(join(dirname(manifest), path))));
const model = await loadGraphModel({
  load: async () => ({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData: new Uint8Array(weights).buffer }),
});

// The image enters behind the model's own resizing and scaling.
const name = (end) => modelTopology.node.find((node) => node.name.endsWith(end)).name;
const first = modelTopology.node.find((node) => node.name.endsWith("Conv1_relu/Relu6"));
const pixels = new Float32Array(2 * 64 * 64 * 3);
let at = 0;
for (let i = 0; i < 2; i++) for (let y = 0; y < 64; y++) for (let x = 0; x < 64; x++) for (let c = 0; c < 3; c++) {
  pixels[at++] = ((7 * i + 3 * y + 5 * x + 11 * c + x * y) % 256) / 127.5 - 1;
}

const features = model.execute({ [first.input[0]]: tf.tensor4d(pixels, [2, 64, 64, 3]) }, name("out_relu/Relu6"));
writeFileSync(out, JSON.stringify((await tf.mean(features, [1, 2]).array()).map((row) => row.map((v) => Number(v.toFixed(6))))) + "\n");
console.log(`${features.shape} from ${first.input[0]}`);
