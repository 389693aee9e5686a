// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";

test("every call is on record: protocol, method, headers, message, request line, outcome", async () => {
  await using emulator = await startEmulator();
  const name = emulator.operations.start();
  await fetch(`${emulator.baseUrl}/v1/${name}?%24alt=json`, { headers: { "x-mine": "1" } });
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  await client.cancelOperation({ name: "operations/none" }).catch(() => undefined);
  await fetch(`${emulator.baseUrl}/nowhere`);
  expect(emulator.calls).toMatchObject([
    {
      protocol: "rest",
      requestLine: "GET /v1/operations/1?%24alt=json HTTP/1.1",
      headers: expect.objectContaining({ "x-mine": "1" }),
      method: "google.longrunning.Operations.GetOperation",
      message: expect.objectContaining({ name }),
      status: "OK",
      httpStatus: 200,
    },
    {
      protocol: "grpc",
      requestLine: "POST /google.longrunning.Operations/CancelOperation HTTP/2.0",
      headers: expect.objectContaining({ "content-type": "application/grpc+proto" }),
      method: "google.longrunning.Operations.CancelOperation",
      message: expect.objectContaining({ name: "operations/none" }),
      status: "NOT_FOUND",
      httpStatus: 200,
    },
    {
      protocol: "rest",
      requestLine: "GET /nowhere HTTP/1.1",
      headers: expect.anything(),
      method: undefined,
      message: undefined,
      status: "NOT_FOUND",
      httpStatus: 404,
    },
  ]);
});

test("no credential is on record, wherever it was", async () => {
  await using emulator = await startEmulator();
  const headers = {
    authorization: "Bearer sesame",
    cookie: "sid=sesame",
    "x-goog-api-key": "sesame",
    "proxy-authorization": "Basic sesame",
    "x-goog-iam-authorization-token": "sesame",
  };
  await fetch(
    `${emulator.baseUrl}/v1/operations/1?key=sesame&access_token=sesame&%24key=sesame&$oauth_token=sesame`,
    {
      headers,
    },
  );
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  await client.getOperation({ name: "operations/1" }, { headers }).catch(() => undefined);
  expect(emulator.calls).toHaveLength(2);
  expect(JSON.stringify(emulator.calls)).not.toContain("sesame");
  expect(emulator.calls[0]).toMatchObject({
    requestLine:
      "GET /v1/operations/1?key=REDACTED&access_token=REDACTED&%24key=REDACTED&$oauth_token=REDACTED HTTP/1.1",
    headers: { authorization: "REDACTED" },
  });
});

test("the record keeps the latest calls", async () => {
  await using emulator = await startEmulator({ maxCalls: 2 });
  for (const path of ["/1", "/2", "/3"]) await fetch(emulator.baseUrl + path);
  expect(emulator.calls.map(({ requestLine }) => requestLine)).toEqual([
    "GET /2 HTTP/1.1",
    "GET /3 HTTP/1.1",
  ]);
});
