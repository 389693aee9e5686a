// SPDX-License-Identifier: Apache-2.0
import type { HttpBindingJson, HttpRuleJson } from "../http-rule/rule-json.js";
import { RULE_SETS } from "./catalogue-data.js";

const OPERATIONS = "google.longrunning.Operations.";

/**
 * The binding for each letter before a pattern; `path` is the version and anything between it and the name.
 *
 * `l` is a List of the parent of the operations that the pattern matches, `n` a List whose name is the pattern itself,
 * `o` a List without a name.
 */
const BINDINGS: Readonly<Record<string, (path: string, pattern: string) => HttpBindingJson>> = {
  g: (path, pattern) => ({ get: `${path}{name=${pattern}}` }),
  l: (path, pattern) => ({ get: `${path}{name=${parentOf(pattern)}}/operations` }),
  n: (path, pattern) => ({ get: `${path}{name=${pattern}}` }),
  o: (path, pattern) => ({ get: `${path}${pattern}` }),
  d: (path, pattern) => ({ delete: `${path}{name=${pattern}}` }),
  c: (path, pattern) => ({ post: `${path}{name=${pattern}}:cancel` }),
  C: (path, pattern) => ({ post: `${path}{name=${pattern}}:cancel`, body: "*" }),
  x: (path, pattern) => ({ get: `${path}{name=${pattern}}:cancel` }),
  w: (path, pattern) => ({ post: `${path}{name=${pattern}}:wait` }),
  W: (path, pattern) => ({ post: `${path}{name=${pattern}}:wait`, body: "*" }),
};

const METHODS: Readonly<Record<string, string>> = {
  GetOperation: "g",
  ListOperations: "lno",
  DeleteOperation: "d",
  CancelOperation: "cCx",
  WaitOperation: "wW",
};

let sets: readonly string[] | undefined;

/** The rules of a rule set for one version, in the order of the API's configuration. */
export function expandRuleSet(index: number, version: string): readonly HttpRuleJson[] {
  sets ??= RULE_SETS.split("\n\n");
  const entries = (sets[index] ?? "").split("\n");
  return Object.entries(METHODS).flatMap(([method, letters]) => {
    const bindings = entries.flatMap((entry) => bindingsOf(entry, letters, version));
    const [first, ...additionalBindings] = bindings;
    if (first === undefined) return [];
    const rule = { ...first, selector: `${OPERATIONS}${method}` };
    return [additionalBindings.length > 0 ? { ...rule, additionalBindings } : rule];
  });
}

/** The bindings of one entry, `letters [before!]pattern`, for the method of some letters. */
function bindingsOf(entry: string, letters: string, version: string): HttpBindingJson[] {
  const space = entry.indexOf(" ");
  const mark = entry.indexOf("!");
  const before = mark < 0 ? "" : entry.slice(space + 1, mark);
  const pattern = entry.slice(mark < 0 ? space + 1 : mark + 1);
  const path = before.startsWith("/") ? before : `/${version}/${before}`;
  return [...entry.slice(0, space)]
    .filter((letter) => letters.includes(letter))
    .flatMap((letter) => BINDINGS[letter]?.(path, pattern) ?? []);
}

function parentOf(pattern: string): string {
  return pattern.replace(/\/operations\/\*{1,2}$/, "");
}
