// SPDX-License-Identifier: Apache-2.0
import type { Binding, CompiledRule } from "./binding.js";
import { matchParts, splitPath } from "./path/path.js";
import type { Segment } from "./path/segment.js";

/** What a matcher says of a request. */
export type Match =
  | {
      readonly kind: "found";
      readonly rule: CompiledRule;
      readonly binding: Binding;
      /** Of the binding's variables, in the order of its template. */
      readonly values: readonly string[];
    }
  /** The path is known, but not with this verb: HTTP 405 and its `Allow` header. */
  | { readonly kind: "other-verb"; readonly allowed: readonly string[] }
  /** No rule has the path: HTTP 404. */
  | { readonly kind: "no-path" };

/** Finds the method for an HTTP request among the rules of many methods. */
export interface Matcher {
  /**
   * @param verb the HTTP method, in upper case
   * @param path as in the request line, percent-encoded, without query
   * @throws ConnectError InvalidArgument for a path that fits, but has a dot segment or broken percent-encoding
   */
  match(verb: string, path: string): Match;
}

/**
 * Makes a matcher. Of several bindings that match, the most specific wins, whatever the order of the rules: from left
 * to right, a literal goes before `*`, and `*` before `**`. A colon and one of the rules' own verbs at the end of the
 * path are always that verb, never the end of a name (`%3A` never is a verb).
 */
export function createMatcher(rules: readonly CompiledRule[]): Matcher {
  const candidates = rules
    .flatMap((rule) => rule.bindings.map((binding) => ({ rule, binding })))
    .sort((a, b) => compareSegments(a.binding.template.segments, b.binding.template.segments));
  const verbs = new Set(candidates.map(({ binding }) => binding.template.verb));
  return {
    match(verb, path) {
      const allowed = new Set<string>();
      const customVerb = verbAtEnd(path);
      const wanted = verbs.has(customVerb) ? customVerb : undefined;
      const parts = splitPath(wanted === undefined ? path : path.slice(0, -wanted.length - 1));
      for (const { rule, binding } of candidates) {
        const values = binding.template.verb === wanted ? matchParts(binding.template, parts) : undefined;
        if (values === undefined) {
          continue;
        }
        if (binding.verb === verb || binding.verb === "*") {
          return { kind: "found", rule, binding, values };
        }
        allowed.add(binding.verb);
      }
      return allowed.size > 0 ? { kind: "other-verb", allowed: [...allowed] } : { kind: "no-path" };
    },
  };
}

/** What stands behind the last colon of the last segment. */
function verbAtEnd(path: string): string | undefined {
  const colon = path.lastIndexOf(":");
  return colon > path.lastIndexOf("/") ? path.slice(colon + 1) : undefined;
}

/** Negative when `a` is more specific. */
function compareSegments(a: readonly Segment[], b: readonly Segment[]): number {
  const at = a.findIndex((segment, index) => segment.kind !== b[index]?.kind);
  const first = at < 0 ? a.length : at;
  return rank(a[first]) - rank(b[first]);
}

/** The end goes before `**`, which may match nothing, and after all that needs one segment more. */
function rank(segment: Segment | undefined): number {
  switch (segment?.kind) {
    case "literal":
      return 0;
    case "one":
      return 1;
    case undefined:
      return 2;
    case "rest":
      return 3;
  }
}
