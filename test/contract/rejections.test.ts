// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { createAdManagerClient } from "../../src/admanager.js";
import { createGrpcTransport } from "../../src/grpc.js";
import {
  type CallError,
  createOperationsClient,
  createRestTransport,
  isCallError,
  type OperationsClient,
} from "../../src/index.js";

import { closeAfterTest, startRawServer } from "../transport/raw-server.js";

async function refusal(run: () => unknown): Promise<CallError> {
  try {
    await run();
  } catch (error) {
    if (isCallError(error)) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

/** What a mistake in the program throws: a TypeError, since it is no failed call. */
function mistake(run: () => unknown): TypeError {
  try {
    run();
  } catch (error) {
    if (error instanceof TypeError) return error;
    throw error;
  }
  throw new Error("expected a TypeError");
}

const run = "networks/123/operations/reports/runs/456";

/** What is wrong with a name, and the words in the error that say so. */
const badNames: [what: string, name: unknown, says: RegExp][] = [
  ["an empty name", "", /empty/],
  ["a dot segment", "networks/./operations/reports/runs/4", /dot segment/],
  ["a double-dot segment", "networks/123/operations/../../4", /dot segment/],
  ["an encoded dot segment", "networks/%2e%2E/operations/reports/runs/4", /dot segment/],
  ["a leading slash", `/${run}`, /starts with "\/"/],
  ["a trailing slash", `${run}/`, /ends with "\/"/],
  ["a line break", `${run}\r\nx: y`, /U\+000D/],
  ["a NUL", `${run}\0`, /U\+0000/],
  ["a query", `${run}?key=1`, /"\?"/],
  ["a fragment", `${run}#x`, /"#"/],
  ["a lone surrogate", `${run}\ud800`, /surrogate/],
  ["a backslash", `${run}\\..\\x`, /\\/],
  ["a number", 456, /number/],
  ["nothing at all", undefined, /undefined/],
];

describe.each([
  [
    "REST",
    (baseUrl: string) => {
      const transport = createRestTransport({ baseUrl });
      closeAfterTest(() => transport.close());
      return transport;
    },
  ],
  [
    "gRPC",
    (baseUrl: string) => {
      const transport = createGrpcTransport({ baseUrl });
      closeAfterTest(() => transport.close());
      return transport;
    },
  ],
] as const)("over %s", (protocol, connect) => {
  // Over gRPC such a name is sent: servers give them, and no path is made of it.
  const emptySegment: (typeof badNames)[number] = ["an empty segment", "networks//runs/4", /empty segment/];
  test.each(protocol === "REST" ? [...badNames, emptySegment] : badNames)(
    "refuses %s, and sends nothing",
    async (_, name, says) => {
      const server = await startRawServer(() => {});
      const client = createOperationsClient({ transport: connect(server.baseUrl) });
      for (const call of [
        client.cancelOperation,
        client.getOperation,
        client.deleteOperation,
        client.cancelAndWait,
      ]) {
        const error = await refusal(() => call(name as string));
        expect(error).toMatchObject({
          code: Code.InvalidArgument,
          reason: "invalid-argument",
          requestSent: false,
        });
        expect(error.message).toMatch(says);
      }
      expect(server.connections).toBe(0);
    },
  );
});

test("a name that no rule binds is rejected with the patterns there are", async () => {
  const server = await startRawServer(() => {});
  const client = createAdManagerClient({ baseUrl: server.baseUrl });
  closeAfterTest(() => client.close());
  const error = await refusal(() => client.cancelOperation("operations/456"));
  expect(error).toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
    operationName: "operations/456",
  });
  expect(error.message).toContain("networks/*/operations/reports/runs/*");
  expect(server.connections).toBe(0);
});

test.each([
  ["listOperations", "ListOperations"],
  ["deleteOperation", "DeleteOperation"],
  ["waitOperation", "WaitOperation"],
] as const)("Ad Manager has no %s: it says so, and sends nothing", async (call, method) => {
  const server = await startRawServer(() => {});
  const adManager = createAdManagerClient({ baseUrl: server.baseUrl });
  closeAfterTest(() => adManager.close());
  // By its types it has none of them: this is what a program in JavaScript calls.
  const client = adManager as typeof adManager & OperationsClient;
  const error = await refusal(async () => {
    if (call === "listOperations")
      for await (const _ of client.listOperations({ name: "networks/123" })) break;
    else await client[call](run);
  });
  expect(error).toMatchObject({ code: Code.Unimplemented, requestSent: false });
  expect(error.message).toContain(method);
  expect(server.connections).toBe(0);
});

test.each([
  "http://admanager.example",
  "http://10.0.0.1:80",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
])("rejects to speak plain http to %s, where others could listen", (baseUrl) => {
  for (const create of [createRestTransport, createGrpcTransport]) {
    expect(mistake(() => create({ baseUrl })).message).toMatch(/https|allowInsecure/);
  }
  expect(mistake(() => createAdManagerClient({ baseUrl })).message).toMatch(/https|allowInsecure/);
});

test.each([
  ["a user and password", "https://user:secret@example.com"],
  ["a query", "https://example.com/?key=secret"],
  ["a fragment", "https://example.com/#secret"],
  ["another scheme", "ftp://example.com"],
  ["no URL at all", "example.com"],
])("rejects a base URL with %s, without repeating a secret", (_, baseUrl) => {
  for (const create of [createRestTransport, createGrpcTransport]) {
    expect(mistake(() => create({ baseUrl })).message).not.toContain("secret");
  }
});

test("rejects an unknown option by its name", () => {
  const baseUrl = "http://127.0.0.1:9";
  const typo = { timeOutMs: 1 };
  const transport = createRestTransport({ baseUrl });
  closeAfterTest(() => transport.close());
  for (const create of [
    () => createRestTransport({ baseUrl, ...typo }),
    () => createGrpcTransport({ baseUrl, ...typo }),
    () => createAdManagerClient({ baseUrl, ...typo }),
    () => createOperationsClient({ transport, ...typo }),
  ]) {
    expect(mistake(create).message).toContain("timeOutMs");
  }
});
