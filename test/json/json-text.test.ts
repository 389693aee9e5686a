// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { MAX_JSON_DEPTH, MAX_JSON_DIGITS, MAX_VALUES } from "../../src/budgets/budgets.js";
import { JsonLimitError, parseJsonBytes } from "../../src/json/json-text.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const long = (values: number) => `[${"0,".repeat(values - 2)}0]`;

test("takes what is at its limits", () => {
  expect(parseJsonBytes(bytesOf(nested(MAX_JSON_DEPTH)))).toBeInstanceOf(Array);
  expect(parseJsonBytes(bytesOf(long(MAX_VALUES - 1)))).toHaveLength(MAX_VALUES - 2);
});

test.each([
  ["arrays", nested(MAX_JSON_DEPTH + 1)],
  ["objects", `${'{"a":'.repeat(MAX_JSON_DEPTH + 1)}1${"}".repeat(MAX_JSON_DEPTH + 1)}`],
  ["brackets without an end", "[".repeat(1_000_000)],
  ["brackets behind a quoted backslash", `["\\\\",${nested(MAX_JSON_DEPTH)}]`],
  ["values", long(MAX_VALUES + 2)],
  ["details", `[${'{"@type":"x"},'.repeat(MAX_VALUES / 2 + 1)}{}]`],
  ["digits", `{"count":"${"9".repeat(MAX_JSON_DIGITS + 1)}"}`],
  ["digits behind a sign", `["\\n-${"1".repeat(MAX_JSON_DIGITS + 1)} "]`],
  ["digits in a key", `{"${"1".repeat(MAX_JSON_DIGITS + 1)}":1}`],
  ["empty objects", `{"a":[${"{},".repeat(MAX_VALUES / 2 + 1)}{}]}`],
])("rejects too many %s before it parses them", (_, text) => {
  expect(() => parseJsonBytes(bytesOf(text))).toThrow(JsonLimitError);
});

test.each([
  `["${"[".repeat(MAX_JSON_DEPTH * 2)}"]`,
  `["\\"${"[".repeat(MAX_JSON_DEPTH * 2)}\\\\"]`,
  `["${",".repeat(MAX_VALUES * 2)}"]`,
  JSON.stringify(["\\".repeat(MAX_VALUES)]),
  JSON.stringify([`${"9".repeat(MAX_JSON_DIGITS)},`.repeat(9)]),
  `[${"9".repeat(2 * MAX_JSON_DIGITS)}]`,
])("counts nothing inside of a text (%#)", (text) => {
  expect(parseJsonBytes(bytesOf(text))).toEqual(JSON.parse(text));
});

test("gives what JSON.parse gives", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const text = JSON.stringify(json);
      expect(parseJsonBytes(bytesOf(text))).toEqual(JSON.parse(text));
      expect(parseJsonBytes(bytesOf(`\ufeff${text}`))).toEqual(JSON.parse(text));
    }),
    { numRuns: 50 },
  );
});
