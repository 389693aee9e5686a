// SPDX-License-Identifier: Apache-2.0
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { OperationsClient } from "../../src/index.js";
import { NAME, running, setUp, succeeded } from "./scripted-server.js";

/** What a program in JavaScript may pass, or one that lost its types on the way. */
type Loose = Record<string, unknown>;

/** Every method that takes a bag of options, each called with one that it must reject. */
const methods: readonly [string, (client: OperationsClient, options: Loose) => unknown][] = [
  ["cancelOperation", (client, options) => client.cancelOperation(NAME, options)],
  ["getOperation", (client, options) => client.getOperation(NAME, options)],
  ["deleteOperation", (client, options) => client.deleteOperation(NAME, options)],
  ["waitOperation", (client, options) => client.waitOperation(NAME, options)],
  ["listOperations", (client, options) => client.listOperations(options)],
  ["cancelAndWait", (client, options) => client.cancelAndWait(NAME, options)],
  ["cancelOperations", (client, options) => client.cancelOperations([NAME], options)],
  ["waitOperations", (client, options) => client.waitOperations([NAME], options)],
  [
    "startOperation",
    (client, options) =>
      client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" }, options),
  ],
  ["poll", (client, options) => client.operation(NAME).poll(options)],
  ["wait", (client, options) => client.operation(NAME).wait(options)],
  ["watch", (client, options) => client.operation(NAME).watch(options)],
  ["result", (client, options) => client.operation(NAME).result(options)],
  ["cancel", (client, options) => client.operation(NAME).cancel(options)],
  ["delete", (client, options) => client.operation(NAME).delete(options)],
];

const rejected: readonly [Loose, string][] = [
  [{ timeout: 5 }, 'unknown option "timeout"'],
  [{ sginal: undefined }, 'unknown option "sginal"'],
  [{ timeoutMs: "5s" }, 'timeoutMs: invalid value (got "5s"; expected a number'],
  [{ timeoutMs: Number.NaN }, "timeoutMs: invalid value (got NaN; expected a number"],
  [{ timeoutMs: null }, "timeoutMs: invalid value (got null; expected undefined for the default)"],
  [{ signal: new AbortController() }, "signal: invalid value (expected an AbortSignal)"],
  [
    { signal: { aborted: false, addEventListener: () => {} } },
    "signal: invalid value (expected an AbortSignal)",
  ],
];

const everything = {
  GetOperation: succeeded(),
  CancelOperation: {},
  ListOperations: {},
  WaitOperation: succeeded(),
};

describe.each(methods)("%s", (name, call) => {
  test.each(rejected)("rejects %j with a TypeError, and sends nothing", async (options, message) => {
    const { server, client } = setUp({ ...everything, RunReport: running() });
    const error = await (async () => call(client, options))().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`${name}: ${message}`);
    expect(server.calls).toEqual([]);
  });
});

test.each([
  [{ onUnsupported: "wiat" }, 'onUnsupported: invalid value (got "wiat"; expected "throw" or "wait")'],
  [{ onNotFound: "look" }, 'onNotFound: invalid value (got "look"; expected "throw" or "verify")'],
  [{ onDone: true }, 'onDone: invalid value (got true; expected "outcome" or "throw")'],
])("cancelAndWait and cancelOperations reject %j", async (options, message) => {
  const { server, client } = setUp(everything);
  const loose: Loose = options;
  await expect(client.cancelAndWait(NAME, loose)).rejects.toThrow(new TypeError(`cancelAndWait: ${message}`));
  expect(() => client.cancelOperations([NAME], loose)).toThrow(new TypeError(`cancelOperations: ${message}`));
  expect(server.calls).toEqual([]);
});

test.each<[name: string, options: Loose, message: string]>([
  ["cancelOperation", { onHeader: 5 }, "onHeader: invalid value (got 5; expected a function)"],
  ["getOperation", { timeoutMs: "5" }, 'timeoutMs: invalid value (got "5"; expected a number)'],
  ["getOperation", { onTrailer: {} }, "onTrailer: invalid value (got an object; expected a function)"],
  ["getOperation", { headers: "a: b" }, 'headers: invalid value (got "a: b"; expected an object'],
  [
    "cancelOperation",
    { headers: { "x-goog-user-project": undefined } },
    "headers: x-goog-user-project: invalid value (got undefined; expected text, or no such header)",
  ],
  [
    "poll",
    {
      headers: [
        ["x-a", "1"],
        ["x-b", null],
      ],
    },
    "headers: x-b: invalid value (got null; expected text",
  ],
  [
    "getOperation",
    { contextValues: {} },
    "contextValues: invalid value (expected an object with get() and set())",
  ],
  ["waitOperation", { onHeader: "x" }, 'onHeader: invalid value (got "x"; expected a function)'],
  ["listOperations", { filter: ["a"] }, "filter: invalid value (got an array; expected text)"],
  ["listOperations", { pageToken: 5 }, "pageToken: invalid value (got 5; expected text)"],
  [
    "listOperations",
    { returnPartialSuccess: "no" },
    'returnPartialSuccess: invalid value (got "no"; expected true',
  ],
  ["cancelOperations", { wait: "yes" }, 'wait: invalid value (got "yes"; expected true or false)'],
  [
    "cancelAndWait",
    { onTransientError: true },
    "onTransientError: invalid value (got true; expected a function)",
  ],
  [
    "waitOperations",
    { onTransientError: [] },
    "onTransientError: invalid value (got an array; expected a function)",
  ],
  ["wait", { onTransientError: 0 }, "onTransientError: invalid value (got 0; expected a function)"],
  ["startOperation", { idempotent: 1 }, "idempotent: invalid value (got 1; expected true or false)"],
  ["startOperation", { response: {} }, "response: invalid value (expected the schema of a message)"],
  // Of a start that is sent, the handle would be lost.
  [
    "startOperation",
    { polling: { initialMs: "1s" } },
    'polling.initialMs: invalid value (got "1s"; expected a number',
  ],
  ["startOperation", { polling: { poling: 1 } }, 'polling: unknown option "poling"'],
])("%s rejects %j before it sends anything", async (name, options, message) => {
  const { server, client } = setUp({ ...everything, RunReport: running() });
  const call = methods.find(([of]) => of === name)?.[1];
  const error = await (async () => call?.(client, options))().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(`${name}: ${message}`);
  expect(server.calls).toEqual([]);
});

test.each(methods)("%s rejects what is no bag of options", async (name, call) => {
  for (const options of [null, 5, "x", [], new Map(), Promise.resolve({})]) {
    const { server, client } = setUp({ ...everything, RunReport: running() });
    const loose = options as unknown as Loose; // As a program in JavaScript may pass it.
    const error = await (async () => call(client, loose))().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(`${name}: options: invalid value (got `);
    expect(server.calls).toEqual([]);
  }
});
