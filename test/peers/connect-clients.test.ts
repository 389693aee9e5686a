// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";

// Connect's own clients, as published, beside ours on one emulator. connect-web's are the ones that run in browsers:
// they have `fetch` and nothing else, and here send the headers of a page of another origin.

const asPage: typeof fetch = (input, init) => {
  const request = new Request(input, init);
  request.headers.set("origin", "https://page.example");
  return fetch(request);
};

const transports: [name: string, connect: (baseUrl: string) => Transport][] = [
  [
    "connect-node's Connect over HTTP/1.1",
    (baseUrl) => node.createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  ],
  [
    "connect-node's Connect over HTTP/2",
    (baseUrl) => node.createConnectTransport({ baseUrl, httpVersion: "2" }),
  ],
  [
    "connect-node's Connect in JSON",
    (baseUrl) => node.createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  ],
  ["connect-node's gRPC", (baseUrl) => node.createGrpcTransport({ baseUrl })],
  [
    "connect-node's gRPC-Web over HTTP/1.1",
    (baseUrl) => node.createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  ],
  [
    "connect-node's gRPC-Web over HTTP/2",
    (baseUrl) => node.createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  ],
  ["connect-web's Connect", (baseUrl) => web.createConnectTransport({ baseUrl, fetch: asPage })],
  [
    "connect-web's Connect in binary",
    (baseUrl) => web.createConnectTransport({ baseUrl, fetch: asPage, useBinaryFormat: true }),
  ],
  ["connect-web's gRPC-Web", (baseUrl) => web.createGrpcWebTransport({ baseUrl, fetch: asPage })],
];

test.each(transports)("%s: every method, with the results that ours has", async (_, connect) => {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) });
  const emulator = await startEmulator({ allowOrigins: ["https://page.example"], clock });
  const restTransport = createRestTransport({ baseUrl: emulator.baseUrl });
  try {
    const official = createClient(Operations, connect(emulator.baseUrl));
    const ours = createOperationsClient({ transport: restTransport, retry: false });
    const names = [1, 2, 3].map((id) => emulator.operations.start({ id: `${id}`, durationMs: 60_000 }));
    const [name = ""] = names;

    expect(await official.getOperation({ name })).toEqual(await ours.getOperation(name));
    const firstPage = await official.listOperations({ name: "operations", pageSize: 2 });
    const pageToken = firstPage.nextPageToken;
    const lastPage = await official.listOperations({ name: "operations", pageSize: 2, pageToken });
    expect([...firstPage.operations, ...lastPage.operations].map((each) => each.name)).toEqual(names);

    await official.cancelOperation({ name });
    await clock.advance(100);
    const cancelled = await official.getOperation({ name });
    expect(cancelled).toMatchObject({ done: true, result: { case: "error", value: { code: 1 } } });
    expect(await ours.getOperation(name)).toEqual(cancelled);

    const timeout = create(DurationSchema, { seconds: 1n });
    const waiting = official.waitOperation({ name: names[1] ?? "", timeout });
    await clock.whenSleeping();
    await clock.advance(1_000);
    expect(await waiting).toMatchObject({ name: names[1], done: false });

    await official.deleteOperation({ name });
    const theirError = await official.getOperation({ name }).catch((error: unknown) => error);
    const ourError = await ours.getOperation(name).catch((error: unknown) => error);
    expect(theirError).toMatchObject({ code: Code.NotFound });
    expect(ourError).toMatchObject({
      status: { code: Code.NotFound, message: (theirError as ConnectError).rawMessage },
      reason: "not-found",
    });
  } finally {
    await restTransport.close();
    await emulator.close();
  }
});

test.each(transports)("%s: the details of an error arrive", async (_, connect) => {
  const info = { desc: ErrorInfoSchema, value: { reason: "QUOTA", domain: "example.com" } };
  const emulator = await startEmulator({
    allowOrigins: ["https://page.example"],
    faults: [
      {
        kind: "error",
        code: Code.ResourceExhausted,
        message: "déjà vu ☂",
        retryDelayMs: 1_500,
        details: [info],
      },
    ],
  });
  try {
    const call = createClient(Operations, connect(emulator.baseUrl)).getOperation({ name: "operations/1" });
    const error = ConnectError.from(await call.catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: Code.ResourceExhausted, rawMessage: "déjà vu ☂" });
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "QUOTA", domain: "example.com" }]);
    expect(error.metadata.get("retry-after")).toBe("2");
  } finally {
    await emulator.close();
  }
});

test("metadata of a type that the emulator was told of is readable as Connect's JSON", async () => {
  const metadata = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "BUSY" }));
  const emulator = await startEmulator({ allowOrigins: ["https://page.example"] });
  try {
    const name = emulator.operations.start({ metadata });
    const response = await fetch(`${emulator.baseUrl}/google.longrunning.Operations/GetOperation`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    expect(await response.json()).toMatchObject({
      name,
      metadata: { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "BUSY" },
    });
  } finally {
    await emulator.close();
  }
});
