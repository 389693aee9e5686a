// SPDX-License-Identifier: Apache-2.0

/** One piece of a path template between two slashes. */
export type Segment =
  /** `text` as the template has it, percent-encoded; `value` is what it says once decoded, `%2F` apart. */
  | { readonly kind: "literal"; readonly text: string; readonly value: string }
  /** `*`: exactly one segment, not empty. */
  | { readonly kind: "one" }
  /** `**`: what remains, zero or more segments. */
  | { readonly kind: "rest" };

/**
 * Aligns the parts of a path with a pattern. Returns where each pattern segment begins among the parts (it ends where
 * the next one begins), or `undefined` when they do not fit.
 *
 * With several `**`, the earlier ones take as little as they can. Going back to the last `**` alone is enough, since
 * all other segments take exactly one part: the work is bounded by parts times segments, for any input.
 */
export function alignSegments(
  pattern: readonly Segment[],
  parts: readonly string[],
): readonly number[] | undefined {
  const starts: number[] = [];
  let at = 0;
  let part = 0;
  let rest = -1;
  let restEnd = 0;
  while (at < pattern.length || part < parts.length) {
    const segment = pattern[at];
    if (segment?.kind === "rest") {
      starts[at] = part;
      rest = at++;
      restEnd = part;
      continue;
    }
    const text = parts[part];
    if (segment !== undefined && text !== undefined) {
      const fits = segment.kind === "literal" ? segment.value === text : text !== "";
      if (fits) {
        starts[at++] = part++;
        continue;
      }
    }
    if (rest < 0 || restEnd >= parts.length) {
      return undefined;
    }
    part = ++restEnd;
    at = rest + 1;
  }
  return starts;
}
