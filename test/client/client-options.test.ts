// SPDX-License-Identifier: Apache-2.0

import { createOperationsClient, retryInterceptor } from "../../src/index.js";
import { createFakeOperations } from "../../src/testing.js";

const { transport } = createFakeOperations();

/** As a program in JavaScript may pass them. */
const create = (options: object) => createOperationsClient({ transport, ...options });

test.each<[options: object, message: string]>([
  [{ registry: "x" }, "registry: not a registry"],
  [{ registry: {} }, "registry: not a registry"],
  [{ random: 0.5 }, "random: invalid value (got 0.5; expected a function)"],
  [{ clock: null }, "clock: invalid value (got null; expected undefined for the default)"],
  [{ clock: Date }, "clock: invalid value (expected an object with now() and startTimer())"],
  [{ observer: new Map() }, "observer: invalid value (got a Map; expected an object)"],
  [{ retry: null }, "retry: invalid value (got null; expected undefined for the default)"],
  [{ retry: 3 }, "retry: options: invalid value (got 3; expected an object)"],
  [{ retry: { codes: ["UNAVAILABLE"] } }, "retry.codes: invalid value (expected an array of codes"],
  [{ retry: { codes: [0] } }, "retry.codes: invalid value (expected an array of codes"],
  [{ retry: { codes: 14 } }, "retry.codes: invalid value (expected an array of codes"],
  [{ retry: { maxMs: "10s" } }, 'retry.maxMs: invalid value (got "10s"; expected a number'],
  [{ retry: { maxMs: Number.NaN } }, "retry.maxMs: invalid value (got NaN; expected a number"],
  [{ retry: { initialMs: 5n } }, "retry.initialMs: invalid value (got 5; expected a number"],
  [
    { retry: { jitter: null } },
    "retry: jitter: invalid value (got null; expected undefined for the default)",
  ],
  [{ retry: { idempotentMethods: "a.B.C" } }, "retry.idempotentMethods: invalid value (expected an array"],
  [{ polling: Promise.resolve({}) }, "polling: options: invalid value (got a Promise; expected an object)"],
  [
    { polling: { transientCodes: [99] } },
    "polling.transientCodes: invalid value (expected an array of codes",
  ],
  [{ polling: { transientCodes: new Array(1) } }, "polling.transientCodes: invalid value (expected an array"],
  [
    { polling: { useServerWait: "false" } },
    'polling.useServerWait: invalid value (got "false"; expected true',
  ],
  [{ polling: { maxServerErrors: null } }, "polling: maxServerErrors: invalid value (got null; expected"],
  [{ polling: { maxMs: -1 } }, "polling.maxMs: invalid value (got -1; expected a number"],
])("a client is not created with %p", (options, message) => {
  expect(() => create(options)).toThrow(TypeError);
  expect(() => create(options)).toThrow(`createOperationsClient: ${message}`);
});

test.each([
  ["a frozen object", Object.freeze({ timeoutMs: 5 })],
  ["an object without a prototype", Object.assign(Object.create(null), { timeoutMs: 5 })],
  [
    "an object of a class",
    new (class {
      timeoutMs = 5;
    })(),
  ],
  ["a Proxy", new Proxy({ timeoutMs: 5 }, {})],
  ["inherited options", Object.create({ transport, timeoutMs: 5 })],
])("a client is created with %s", (_title, options) => {
  expect(() =>
    createOperationsClient(Object.assign(options, Object.isFrozen(options) ? {} : { transport })),
  ).not.toThrow(/unknown|expected a number/);
});

test("what a program changes in its options afterwards changes no client", async () => {
  const codes = [14];
  const retry = { maxAttempts: 2, codes };
  const client = create({ retry, polling: { transientCodes: codes } });
  retry.maxAttempts = 0;
  codes.length = 0;
  await expect(client.getOperation("operations/none")).rejects.toMatchObject({ reason: "not-found" });
});

test.each<[sources: object, message: string]>([
  [{ clok: 1 }, 'retryInterceptor: unknown option "clok" (expected clock or random)'],
  [{ random: "x" }, 'retryInterceptor: random: invalid value (got "x"; expected a function)'],
  [{ clock: {} }, "retryInterceptor: clock: invalid value (expected an object with now() and startTimer())"],
])("retryInterceptor rejects the sources %p", (sources, message) => {
  expect(() => retryInterceptor({}, sources)).toThrow(new TypeError(message));
});
