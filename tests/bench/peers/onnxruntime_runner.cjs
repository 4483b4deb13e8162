// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs an ONNX file in ONNX Runtime; see peer_process.py for the dialogue.
//   node onnxruntime_runner.cjs PACKAGE_DIR MODEL.onnx IMAGE.f32 WIDTH HEIGHT CHANNELS SIGMA THREADS
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const [packageDir, model, imageFile, ...rest] = process.argv.slice(2);
const [width, height, channels, sigma, threads] = rest.map(Number);
const ort = require(path.join(packageDir, "onnxruntime-node"));

function floats(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice();
}

async function main() {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
  });
  const feeds = { image: new ort.Tensor("float32", floats(imageFile), [1, channels, height, width]) };
  if (session.inputNames.includes("noise_map")) {
    const map = new Float32Array((width / 2) * (height / 2)).fill(sigma);
    feeds.noise_map = new ort.Tensor("float32", map, [1, 1, height / 2, width / 2]);
  }
  const version = require(path.join(packageDir, "onnxruntime-node/package.json")).version;
  console.log("ready ONNX Runtime " + version);
  let clean;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [word, file] = line.split(" ");
    if (word === "run") {
      const start = process.hrtime.bigint();
      clean = (await session.run(feeds)).clean;
      console.log(Number(process.hrtime.bigint() - start) / 1e6);
    } else if (word === "save") {
      fs.writeFileSync(file, Buffer.from(clean.data.buffer, clean.data.byteOffset, clean.data.byteLength));
      console.log("saved");
    }
  }
}

main().catch((error) => {
  console.log("failed " + String(error.message).split("\n")[0]);
  process.exit(1);
});
