// SPDX-License-Identifier: Apache-2.0
import { HttpRuleError } from "./http-rule-error.js";
import { type HttpPattern, type HttpRule, parsePattern } from "./rule.js";

/**
 * One binding as ProtoJSON of `google.api.HttpRule`: exactly one of `get`, `put`, `post`, `delete`, `patch` and
 * `custom`, each a path template such as `/v1/{name=operations/**}:cancel`.
 */
export interface HttpBindingJson {
  /** The path template of a GET. */
  readonly get?: string | undefined;
  /** The path template of a PUT. */
  readonly put?: string | undefined;
  /** The path template of a POST. */
  readonly post?: string | undefined;
  /** The path template of a DELETE. */
  readonly delete?: string | undefined;
  /** The path template of a PATCH. */
  readonly patch?: string | undefined;
  /** Any other HTTP method; the kind `*` leaves it open. */
  readonly custom?:
    | {
        /** The HTTP method, such as `HEAD`, or `*`. */
        readonly kind: string;
        /** The path template. */
        readonly path: string;
      }
    | undefined;
  /** `*`, or a top-level field of the request by its proto name. @default none: the fields go to the query */
  readonly body?: string | undefined;
  /** The top-level field of the response that is the HTTP body. @default the whole response */
  readonly responseBody?: string | undefined;
  /** `responseBody` as the proto file and YAML spell it. */
  readonly response_body?: string | undefined;
  /** Of no meaning in an additional binding. */
  readonly selector?: string | undefined;
}

/** ProtoJSON of `google.api.HttpRule`, in either spelling: what the `http.rules` of a service configuration hold. */
export interface HttpRuleJson extends HttpBindingJson {
  /** The full name of a method, `google.longrunning.Operations.GetOperation`, `package.Service.*` or `*`. */
  readonly selector: string;
  /** Tried in order when the request does not fit the rule itself. */
  readonly additionalBindings?: readonly HttpBindingJson[] | undefined;
  /** `additionalBindings` as the proto file and YAML spell it. */
  readonly additional_bindings?: readonly HttpBindingJson[] | undefined;
}

const VERBS = ["get", "put", "post", "delete", "patch", "custom"] as const;
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...[...VERBS, "selector", "body", "responseBody", "additionalBindings"].map((key) => [key, key] as const),
  ["response_body", "responseBody"],
  ["additional_bindings", "additionalBindings"],
]);

/** A full name, or one that ends in the wildcard "*" in place of its last parts. */
const SELECTOR = /^(\*|[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\.\*)?)$/;

/**
 * Checks and parses a rule from a configuration: JavaScript that nobody type-checked, hence `unknown`.
 *
 * @param index its place in the list, for the error when the rule has no selector
 * @throws HttpRuleError for a key that HttpRule does not have (a typing error in `body` would change what is sent), a
 *   value of the wrong type, no pattern or several, and all that is wrong with a template
 */
export function parseHttpRule(json: unknown, index: number): HttpRule {
  const what = `http rule ${index}`;
  const unnamed = setFieldsOf(json, { what, selector: "", path: [] });
  const selector = unnamed.get("selector")?.value;
  if (typeof selector !== "string" || !SELECTOR.test(selector)) {
    const found = selector === undefined ? "no selector" : `the selector ${JSON.stringify(selector)}`;
    throw new HttpRuleError(`${what} has ${found}, expected the full name of a method`, { selector: "" });
  }
  const { key = "", value: additional = [] } = unnamed.get("additionalBindings") ?? {};
  if (!Array.isArray(additional)) {
    throw new HttpRuleError(`${key} is no list`, { selector, path: [key] });
  }
  const nested = additional.map((binding: unknown, nth) => {
    const part = { what: `additional binding ${nth}`, selector, path: [key, nth] };
    const fields = setFieldsOf(binding, part);
    if (fields.has("additionalBindings")) {
      throw new HttpRuleError(`${part.what} has additional bindings itself, expected none`, part);
    }
    return patternOf(fields, part);
  });
  return { selector, patterns: [patternOf(unnamed, { what: "the rule", selector, path: [] }), ...nested] };
}

/** A binding in a rule: what errors call it, and where it is. */
interface Part {
  readonly what: string;
  readonly selector: string;
  readonly path: readonly (string | number)[];
}

/** The set fields by their JSON names, with the key as it was spelt. */
type Fields = ReadonlyMap<string, { readonly key: string; readonly value: unknown }>;

/** `null` is unset, as everywhere in ProtoJSON. */
function setFieldsOf(json: unknown, part: Part): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new HttpRuleError(`${part.what} is no object`, part);
  }
  const fields = new Map<string, { key: string; value: unknown }>();
  for (const [key, value] of Object.entries(json)) {
    const fail = (problem: string): never => {
      throw new HttpRuleError(`${part.what} has ${problem}`, { ...part, path: [...part.path, key] });
    };
    const name = SPELLINGS.get(key) ?? fail(`the unknown key ${JSON.stringify(key)}`);
    if (value === undefined || value === null) {
      continue;
    }
    if (fields.has(name)) {
      fail(`${name} in two spellings`);
    }
    fields.set(name, { key, value });
  }
  return fields;
}

function patternOf(fields: Fields, part: Part): HttpPattern {
  const [kind, second] = VERBS.filter((verb) => fields.has(verb));
  if (kind === undefined || second !== undefined) {
    const found = kind === undefined ? "no pattern" : `${kind} and ${second}`;
    throw new HttpRuleError(`${part.what} has ${found}, expected one of ${VERBS.join(", ")}`, part);
  }
  const textOf = (name: string, value: unknown): string => {
    if (typeof value !== "string") {
      throw new HttpRuleError(`${part.what} has a ${name} that is no string`, part);
    }
    return value;
  };
  const value = fields.get(kind)?.value;
  const pattern = kind === "custom" ? customOf(value, part) : { kind, path: value };
  return parsePattern(
    {
      verb: textOf("kind", pattern.kind),
      path: textOf(kind, pattern.path),
      body: textOf("body", fields.get("body")?.value ?? ""),
      responseBody: textOf("response_body", fields.get("responseBody")?.value ?? ""),
    },
    { ...part, path: [...part.path, kind] },
  );
}

function customOf(value: unknown, part: Part): { kind?: unknown; path?: unknown } {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.length !== 2 || !keys.includes("kind") || !keys.includes("path")) {
    throw new HttpRuleError(`${part.what} has a custom pattern that is not {kind, path}`, part);
  }
  return { ...(value as object) }; // An object, or it had no keys.
}
