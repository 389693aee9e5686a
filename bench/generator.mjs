// SPDX-License-Identifier: Apache-2.0
// How long protoc-gen-longrunning takes for 500 services, beside protoc-gen-es for the same request: each a process that reads
// it from standard input, in turns.
//
//   node bench/generator.mjs [--services 500] [--rounds 7]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { medianRatio, spread } from "./statistics.mjs";

const { values } = parseArgs({
  options: { services: { type: "string", default: "500" }, rounds: { type: "string", default: "7" } },
});
const services = Number(values.services);
const root = fileURLToPath(new URL("../", import.meta.url));
const METHODS = ["Create", "Update", "Delete", "Export"];

const PLUGINS = {
  "protoc-gen-longrunning": [process.execPath, join(root, "dist/node/src/codegen/main.js")],
  "protoc-gen-es": [process.execPath, join(root, "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es")],
};

/** A service with four methods that start operations, and one that does not. */
function protoOf(index) {
  const starts = METHODS.map(
    (verb) => `
    // ${verb} a thing.
    rpc ${verb}Thing(${verb}Request) returns (google.longrunning.Operation) {
      option (google.longrunning.operation_info) = { response_type: "Thing" metadata_type: "Progress" };
    }`,
  );
  const requests = METHODS.map((verb) => `message ${verb}Request { string parent = 1; Thing thing = 2; }`);
  return `syntax = "proto3";
package bench.s${index}.v1;
import "google/longrunning/operations.proto";
message Thing { string name = 1; repeated string labels = 2; map<string, int64> counts = 3; Thing inner = 4; }
message Progress { int32 percent = 1; }
message GetRequest { string name = 1; }
${requests.join("\n")}
service Things {
  rpc GetThing(GetRequest) returns (Thing);${starts.join("")}
}
`;
}

/** The request that buf and protoc send a plugin. */
function requestBytes() {
  const folder = mkdtempSync(join(root, "node_modules/.bench-"));
  try {
    for (let index = 0; index < services; index++) {
      mkdirSync(join(folder, `bench/s${index}/v1`), { recursive: true });
      writeFileSync(join(folder, `bench/s${index}/v1/things.proto`), protoOf(index));
    }
    const config = JSON.stringify({
      version: "v2",
      modules: [{ path: "proto" }, { path: relative(root, folder) }],
    });
    const image = join(folder, "image.binpb");
    run([
      join(root, "node_modules/.bin/buf"),
      "build",
      "--config",
      config,
      "--as-file-descriptor-set",
      "-o",
      image,
    ]);
    const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(image));
    const fileToGenerate = file.map(({ name }) => name).filter((name) => name.startsWith("bench/"));
    const request = { fileToGenerate, parameter: "target=ts,import_extension=js", protoFile: file };
    return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, request));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run([command, ...args], input) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, input, maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

const input = requestBytes();
const times = { "protoc-gen-longrunning": [], "protoc-gen-es": [] };
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, command] of Object.entries(PLUGINS)) {
    const startMs = performance.now();
    const { file, error } = fromBinary(CodeGeneratorResponseSchema, run(command, input));
    times[name].push(performance.now() - startMs);
    if (error !== "" || file.length !== services) throw new Error(`${name}: ${file.length} files, ${error}`);
  }
}
console.log(`${services} services, ${services * METHODS.length} methods that start operations`);
for (const [name, ms] of Object.entries(times)) console.log(`  ${name}  ${spread(ms, 0)} ms`);
console.log(`  ratio ${medianRatio(times["protoc-gen-longrunning"], times["protoc-gen-es"]).toFixed(2)}`);
