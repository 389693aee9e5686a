// SPDX-License-Identifier: Apache-2.0
import { Code, type Interceptor } from "@connectrpc/connect";
import { CallError } from "../../src/errors/call-error.js";
import {
  badOption,
  booleanOption,
  checkKnown,
  checkNumber,
  interceptorsOption,
  positiveOption,
} from "../../src/errors/options.js";

const refusals: [message: string, check: () => unknown][] = [
  ["create: the options are not an object", () => checkKnown("create", undefined, [])],
  ["create: the options are not an object", () => checkKnown("create", null, [])],
  ["create: the options are not an object", () => checkKnown("create", "text", [])],
  ["create: the options are not an object", () => checkKnown("create", [], [])],
  ['create: unknown option "c"; there are a, b', () => checkKnown("create", { a: 1, c: 2 }, ["a", "b"])],
  ["n is 0; expected a number from 1 to 5", () => checkNumber("n", 0, { min: 1, max: 5 })],
  ["n is 6; expected a number from 1 to 5", () => checkNumber("n", 6, { min: 1, max: 5 })],
  ["n is NaN; expected a number from 1 to 5", () => checkNumber("n", Number.NaN, { min: 1, max: 5 })],
  ["n is 3; expected a number from 1 to 5", () => checkNumber("n", "3", { min: 1, max: 5 })],
  [
    "n is 1.5; expected a whole number from 1 to 5",
    () => checkNumber("n", 1.5, { min: 1, max: 5, whole: true }),
  ],
  ["ms is 0; expected a number above 0", () => positiveOption("ms", 0, 1)],
  ["ms is null; expected a number above 0", () => positiveOption("ms", null, 1)],
  ["ms is NaN; expected a number above 0", () => positiveOption("ms", Number.NaN, undefined)],
  ["on is 1; expected true or false", () => booleanOption("on", 1, false)],
  ["interceptors is not an array of functions", () => interceptorsOption([{}] as never)],
  ["interceptors is not an array of functions", () => interceptorsOption((() => undefined) as never)],
];

test.each(refusals)("refuses: %s", (message, check) => {
  let error: unknown;
  try {
    check();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: message, requestSent: false });
});

test("takes what is in bounds, both ends of a range included", () => {
  checkKnown("create", { a: undefined }, ["a", "b"]);
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
  expect(badOption("no", cause).cause).toBe(cause);
});
