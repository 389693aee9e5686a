// SPDX-License-Identifier: Apache-2.0

import fc from "fast-check";
import { nameProblem } from "../../src/names/operation-name.js";
import { propertyRuns } from "../property-runs.js";

const refused: [unknown, string][] = [
  ["", "is empty"],
  [undefined, "is not a string but undefined"],
  [null, "is not a string but null"],
  [7, "is not a string but number"],
  ["/operations/1", 'starts with "/"'],
  ["operations/1/", 'ends with "/"'],
  ["/", 'starts with "/"'],
  ["operations//1", 'has an empty segment ("//")'],
  [".", 'has a dot segment (".")'],
  ["operations/..", 'has a dot segment ("..")'],
  ["operations/../../v1/other", 'has a dot segment ("..")'],
  ["operations/%2e%2E/1", 'has a percent-encoded dot segment ("%2e%2E")'],
  ["operations/.%2e/1", 'has a percent-encoded dot segment (".%2e")'], // WHATWG URL collapses it too
  ["operations/1?alt=media", 'has "?" at 12'],
  ["operations/1#x", 'has "#" at 12'],
  ["operations\\1", 'has "\\" at 10'],
  ["oper\nations/1", "has a control character (U+000A at 4)"],
  ["operations/1\u0000", "has a control character (U+0000 at 12)"],
  ["operations/\u007f", "has a control character (U+007F at 11)"],
  ["operations/\u0085", "has a control character (U+0085 at 11)"],
  ["operations/\ud800", "has a lone surrogate at 11"],
  ["operations/\udc00x", "has a lone surrogate at 11"],
];

test.each(refused)("names what is wrong with the name %j", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});

test.each([
  "operations/1",
  "networks/123/operations/reports/runs/456",
  "projects/example.com:p/locations/-/operations/op-1",
  "operations/..x",
  "operations/...",
  "operations/a%2Fb", // no dot segment, and sent as it is
  "operations/ä 😀",
])("has nothing against the name %j", (name) => {
  expect(nameProblem(name)).toBeUndefined();
});

test("lets no name through that a URL parser would move elsewhere", () => {
  const risky = fc.string({
    unit: fc.constantFrom("a", ".", "/", "%2e", "%2E", "\\", "?", "#", "\n", "%", "2", "e"),
  });
  fc.assert(
    fc.property(risky, (name) => {
      fc.pre(nameProblem(name) === undefined);
      const url = new URL(`https://host/v1/${name}`);
      expect([url.host, url.search, url.hash, url.pathname.split("/").length]).toEqual([
        "host",
        "",
        "",
        name.split("/").length + 2,
      ]);
    }),
    { numRuns: propertyRuns(10_000) },
  );
});
