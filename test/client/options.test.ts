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
  [{ timeoutMs: null }, "timeoutMs: invalid value (got null; expected a number"],
  [{ signal: new AbortController() }, "signal: invalid value (expected an AbortSignal)"],
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
  [{ onDone: true }, 'onDone: invalid value (got boolean; expected "outcome" or "throw")'],
])("cancelAndWait and cancelOperations reject %j", async (options, message) => {
  const { server, client } = setUp(everything);
  const loose: Loose = options;
  await expect(client.cancelAndWait(NAME, loose)).rejects.toThrow(new TypeError(`cancelAndWait: ${message}`));
  expect(() => client.cancelOperations([NAME], loose)).toThrow(new TypeError(`cancelOperations: ${message}`));
  expect(server.calls).toEqual([]);
});
