// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type DescMessage, type DescMethod, type MessageShape } from "@bufbuild/protobuf";
import { file_google_protobuf_duration } from "@bufbuild/protobuf/wkt";
import type { CompiledRule } from "../../src/http-rule/binding.js";
import { compileRule } from "../../src/http-rule/compile.js";
import type { HttpBindingJson } from "../../src/http-rule/rule-json.js";
import { createRuleSet } from "../../src/http-rule/rule-set.js";
import { toRestCall } from "../../src/http-rule/transcode.js";
import type { JsonOptions } from "../../src/json/context.js";
import { selectorOf } from "../../src/names/method-name.js";
import { Svc } from "./vectors/gen/vec_pb.js";

const registry = createRegistry(file_google_protobuf_duration);

/** ProtoJSON as a server reads it, with one type known inside an Any. */
export const json: JsonOptions = { registry, strict: true };

/** Compiles the rule that a method has with these bindings; of `vec.v1.Svc.Call` unless another is given. */
export function compile(
  [primary, ...additionalBindings]: readonly HttpBindingJson[],
  method: DescMethod = Svc.method.call,
): CompiledRule {
  const rule = createRuleSet([{ ...primary, selector: selectorOf(method), additionalBindings }]).find(method);
  if (rule === undefined) {
    throw new Error("an override is always found");
  }
  return compileRule(method, rule);
}

/** The request for a message in one line: `POST /v1/n:x {}`. */
export function requestLine<Desc extends DescMessage>(
  rule: CompiledRule,
  message: MessageShape<Desc>,
): string {
  const { verb, path, query, body } = toRestCall(rule, message, json);
  const target = query === "" ? path : `${path}?${query}`;
  return body === undefined ? `${verb} ${target}` : `${verb} ${target} ${body.content}`;
}
