// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { alignSegments, type Segment } from "../../src/http-rule/path/segment.js";
import { propertyRuns } from "../property-runs.js";

const a: Segment = { kind: "literal", text: "a", value: "a" };
const b: Segment = { kind: "literal", text: "b", value: "b" };
const one: Segment = { kind: "one" };
const rest: Segment = { kind: "rest" };

test.each([
  { pattern: [], parts: [], starts: [] },
  { pattern: [a, one], parts: ["a", "x"], starts: [0, 1] },
  { pattern: [a, rest], parts: ["a"], starts: [0, 1] },
  { pattern: [rest, b], parts: ["b", "x", "b"], starts: [0, 2] },
  { pattern: [rest, a, rest], parts: ["x", "a", "y", "a"], starts: [0, 1, 2] }, // the earlier ** takes little
  { pattern: [one], parts: [""], starts: undefined },
  { pattern: [rest], parts: [""], starts: [0] },
  { pattern: [a], parts: ["a", "a"], starts: undefined },
  { pattern: [a, a], parts: ["a"], starts: undefined },
])("lays $parts over $pattern", ({ pattern, parts, starts }) => {
  expect(alignSegments(pattern, parts)).toEqual(starts);
});

test("agrees with a regular expression of the same pattern", () => {
  const segment = fc.constantFrom(a, b, one, rest, rest);
  const part = fc.constantFrom("a", "b", "");
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), fc.array(part, { maxLength: 7 }), (pattern, parts) => {
      const source = pattern.map((item) =>
        item.kind === "literal" ? `${item.value};` : item.kind === "one" ? "[ab];" : "(?:[ab]?;)*",
      );
      const fits = new RegExp(`^${source.join("")}$`).test(parts.map((item) => `${item};`).join(""));
      expect(alignSegments(pattern, parts) !== undefined).toBe(fits);
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

test("stays quick on a pattern made to go back for ever", () => {
  const pattern = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? rest : a));
  const parts = [...Array.from({ length: 5_000 }, () => "a"), "b", "c"];
  expect(alignSegments([...pattern, b], parts)).toBeUndefined();
});
