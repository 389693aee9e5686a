// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import {
  booleanOption,
  checkNumber,
  interceptorsOption,
  invalidOption,
  positiveOption,
  rejectUnknownKeys,
} from "../../src/errors/options.js";

const invalid: [message: string, check: () => unknown][] = [
  [
    "create: options: invalid value (got undefined; expected an object)",
    () => rejectUnknownKeys("create", undefined, {}),
  ],
  [
    "create: options: invalid value (got null; expected an object)",
    () => rejectUnknownKeys("create", null, {}),
  ],
  [
    'create: options: invalid value (got "text"; expected an object)',
    () => rejectUnknownKeys("create", "text", {}),
  ],
  [
    "create: options: invalid value (got an array; expected an object)",
    () => rejectUnknownKeys("create", [], {}),
  ],
  [
    'create: unknown option "c" (expected a or b)',
    () => rejectUnknownKeys("create", { a: 1, c: 2 }, { a: true, b: true }),
  ],
  ["n: invalid value (got 0; expected a number from 1 to 5)", () => checkNumber("n", 0, { min: 1, max: 5 })],
  ["n: invalid value (got 6; expected a number from 1 to 5)", () => checkNumber("n", 6, { min: 1, max: 5 })],
  [
    "n: invalid value (got NaN; expected a number from 1 to 5)",
    () => checkNumber("n", Number.NaN, { min: 1, max: 5 }),
  ],
  [
    'n: invalid value (got "3"; expected a number from 1 to 5)',
    () => checkNumber("n", "3", { min: 1, max: 5 }),
  ],
  [
    "n: invalid value (got 1.5; expected a whole number from 1 to 5)",
    () => checkNumber("n", 1.5, { min: 1, max: 5, whole: true }),
  ],
  ["ms: invalid value (got 0; expected a number above 0)", () => positiveOption("ms", 0, 1)],
  ["ms: invalid value (got null; expected a number above 0)", () => positiveOption("ms", null, 1)],
  [
    "ms: invalid value (got NaN; expected a number above 0)",
    () => positiveOption("ms", Number.NaN, undefined),
  ],
  ["on: invalid value (got 1; expected true or false)", () => booleanOption("on", 1, false)],
  ["interceptors: invalid value (expected an array of functions)", () => interceptorsOption([{}] as never)],
  [
    "interceptors: invalid value (expected an array of functions)",
    () => interceptorsOption((() => undefined) as never),
  ],
];

test.each(invalid)("rejects: %s", (message, check) => {
  let error: unknown;
  try {
    check();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({ message });
});

test("takes what is in bounds, both ends of a range included", () => {
  rejectUnknownKeys("create", { a: undefined }, { a: true, b: true });
  checkNumber("n", 1, { min: 1, max: 5, whole: true });
  checkNumber("n", Number.POSITIVE_INFINITY, { min: 1, max: Number.POSITIVE_INFINITY });
  expect(positiveOption("ms", Number.POSITIVE_INFINITY, 1)).toBe(Number.POSITIVE_INFINITY);
  expect(booleanOption("on", false, true)).toBe(false);
});

test("fills in defaults", () => {
  expect(positiveOption("ms", undefined, 5)).toBe(5);
  expect(positiveOption("ms", undefined, undefined)).toBeUndefined();
  expect(booleanOption("on", undefined, true)).toBe(true);
  expect(interceptorsOption(undefined)).toEqual([]);
});

test("copies the interceptors", () => {
  const given: Interceptor[] = [(next) => next];
  const taken = interceptorsOption(given);
  expect(taken).toEqual(given);
  expect(taken).not.toBe(given);
});

test("keeps the cause", () => {
  const cause = new Error("why");
  expect(invalidOption("no", cause).cause).toBe(cause);
});
