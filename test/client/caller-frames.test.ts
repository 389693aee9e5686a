// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { OperationsClient } from "../../src/index.js";
import { NAME, setUp } from "./scripted-server.js";

const calls: readonly [string, (client: OperationsClient) => Promise<unknown>][] = [
  ["getOperation", (client) => client.getOperation(NAME)],
  ["cancelOperation", (client) => client.cancelOperation(NAME)],
  [
    "startOperation",
    (client) => client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/2" }),
  ],
  ["poll", (client) => client.operation(NAME).poll()],
  ["wait", (client) => client.operation(NAME).wait()],
  ["result", (client) => client.operation(NAME).result()],
  ["watch", (client) => client.operation(NAME).watch().next()],
  ["cancelAndWait", (client) => client.cancelAndWait(NAME)],
  ["listOperations", (client) => client.listOperations()[Symbol.asyncIterator]().next()],
];

test.each(calls)("the stack of an error of %s has the function that called, once", async (_name, call) => {
  const later = () =>
    new Promise<object>((_, reject) =>
      setImmediate(() => reject(new ConnectError("of a socket", Code.NotFound))),
    );
  const { client } = setUp({
    GetOperation: later,
    CancelOperation: later,
    RunReport: later,
    ListOperations: later,
  });
  async function functionOfTheProgram() {
    await call(client);
  }
  const error = await functionOfTheProgram().catch((reason: unknown) => reason);
  expect(String((error as Error).stack).match(/functionOfTheProgram/g)).toHaveLength(1);
});
