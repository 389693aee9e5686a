// SPDX-License-Identifier: Apache-2.0
// protoc-gen-es on files without the options for generators of other languages (`java_package`, `go_package`, ...): a stub carries
// its file's descriptor, and nothing in a JavaScript program reads these.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { clearField, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, FileOptionsSchema } from "@bufbuild/protobuf/wkt";

const OF_OTHER_LANGUAGES = /^(cc|csharp|go|java|objc|php|ruby|swift)_/;
const fields = FileOptionsSchema.fields.filter(({ name }) => OF_OTHER_LANGUAGES.test(name));

const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
for (const file of [...request.protoFile, ...request.sourceFileDescriptors]) {
  if (file.options === undefined) continue;
  for (const field of fields) clearField(file.options, field);
  if (toBinary(FileOptionsSchema, file.options).length === 0) file.options = undefined;
}
const { status, stdout } = spawnSync("node_modules/.bin/protoc-gen-es", {
  input: toBinary(CodeGeneratorRequestSchema, request),
  maxBuffer: 64 << 20,
  stdio: ["pipe", "pipe", "inherit"],
});
process.stdout.write(stdout);
process.exitCode = status ?? 1;
