// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DescMethod, JsonValue } from "@bufbuild/protobuf";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { compile, json, requestLine } from "./rules.js";
import { Svc } from "./vectors/gen/vec_pb.js";

interface Row {
  n: number;
  group: string;
  method: string;
  input: JsonValue;
  rules: HttpBindingJson[];
  want: string | { error: true };
}

function methodNamed(name: string): DescMethod {
  const method = [...Svc.methods, ...Operations.methods].find((candidate) => candidate.name === name);
  if (method === undefined) {
    throw new Error(`no method ${name}`);
  }
  return method;
}

const rows: Row[] = JSON.parse(readFileSync(join(__dirname, "vectors", "transcoding.json"), "utf8"));

test.each(rows)("row $n, $group: $rules.0", ({ method: name, input, rules, want }) => {
  const method = methodNamed(name);
  const run = () => requestLine(compile(rules, method), decodeJson(method.input, input, json));
  if (typeof want === "string") {
    expect(run()).toBe(want);
  } else {
    expect(run).toThrow();
  }
});
