// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { http } from "../../gen/google/api/annotations_pb.js";
import { type HttpRule, HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { type RoutingParameter, RoutingRuleSchema, routing } from "../../gen/google/api/routing_pb.js";
import { messageOption } from "../names/descriptor-option.js";
import { selectorOf } from "../names/method-name.js";
import { createReader } from "./field/field-access.js";
import { resolveFieldPath } from "./field/field-path.js";
import { fieldToText, valueText } from "./field/to-text.js";
import { HttpRuleError } from "./http-rule-error.js";
import { encodeText } from "./path/percent.js";
import { alignSegments } from "./path/segment.js";
import { parseTemplate } from "./path/template.js";
import { ruleOfAnnotation } from "./rule.js";

/** Makes the value of the `x-goog-request-params` header for a request of one method; `undefined` for no header. */
export type Routing = (message: Message) => string | undefined;

/** What one parameter of the header reads from a message; "" when it has nothing to say. */
interface RoutingSource {
  readonly key: string;
  readonly read: (message: Message) => string;
}

/**
 * The routing header of a method, by which Google's front ends route a gRPC call. AIP-4222: from the method's
 * `google.api.routing` annotation when it has one (the last parameter of a key that matches wins), else the fields in the
 * paths of its `google.api.http` rule, additional bindings included. Keys and values are percent-encoded, empty values
 * left out. A method whose annotations are wrong gets no header: gRPC itself does not need them.
 */
export function routingOf(method: DescMethod): Routing {
  const sources = findSources(method).map(({ key, read }) => ({ key, pairOf: pairReader(key, read) }));
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only.pairOf;
  return (message) => {
    const pairs = new Map<string, string>();
    for (const { key, pairOf } of sources) {
      const pair = pairOf(message);
      if (pair !== undefined) pairs.set(key, pair);
    }
    return pairs.size === 0 ? undefined : [...pairs.values()].join("&");
  };
}

/** Reads one parameter of the header; `undefined` for none. */
function pairReader(key: string, read: RoutingSource["read"]): Routing {
  const prefix = `${encodeText(key, key)}=`;
  return (message) => {
    const value = read(message);
    return value === "" ? undefined : prefix + encodeText(value, key);
  };
}

function findSources(method: DescMethod): readonly RoutingSource[] {
  try {
    const explicit = messageOption(method, routing.number, RoutingRuleSchema);
    if (explicit !== undefined) {
      return explicit.routingParameters.map((parameter) => templateSource(method, parameter));
    }
    const annotation = messageOption(method, http.number, HttpRuleSchema);
    return annotation === undefined ? [] : pathSources(method, annotation);
  } catch (error) {
    if (error instanceof HttpRuleError) {
      return [];
    }
    throw error;
  }
}

function pathSources(method: DescMethod, annotation: HttpRule): readonly RoutingSource[] {
  const { patterns } = ruleOfAnnotation(annotation, selectorOf(method));
  const fieldPaths = patterns.flatMap(({ template }) => template.variables.map(({ fieldPath }) => fieldPath));
  return [...new Set(fieldPaths)].map((key) => ({ key, read: fieldValue(method, key) }));
}

/** The one variable of the template names the key, and is the part of the field's value that is sent. */
function templateSource(method: DescMethod, { field, pathTemplate }: RoutingParameter): RoutingSource {
  const selector = selectorOf(method);
  const { segments, variables } = parseTemplate(`/${pathTemplate === "" ? `{${field}=**}` : pathTemplate}`, {
    selector,
  });
  const [variable, second] = variables;
  if (variable === undefined || second !== undefined) {
    throw new HttpRuleError(
      `the routing template ${pathTemplate} has ${variables.length} variables, expected one`,
      {
        selector,
      },
    );
  }
  const readField = fieldValue(method, field);
  return {
    key: variable.fieldPath,
    read: (message) => {
      const parts = readField(message).split("/");
      const starts = alignSegments(segments, parts);
      const end = starts?.[variable.start + variable.segments.length] ?? parts.length;
      return starts === undefined ? "" : parts.slice(starts[variable.start], end).join("/");
    },
  };
}

function fieldValue(method: DescMethod, fieldPath: string): (message: Message) => string {
  const path = resolveFieldPath(method.input, fieldPath, { selector: selectorOf(method) });
  const field = path.at(-1) ?? path[0];
  const toText = field.fieldKind === "list" ? undefined : fieldToText(field);
  if (toText === undefined) {
    throw new HttpRuleError(`${fieldPath} cannot be a routing parameter`, { selector: selectorOf(method) });
  }
  const read = createReader(path);
  return (message) => {
    const value = read(message);
    return value === undefined ? "" : valueText(field, toText, value);
  };
}
