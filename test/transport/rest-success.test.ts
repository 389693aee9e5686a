// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport } from "./rest-fixture.js";

const name = "operations/1";

async function clientOf(answer: Buffer) {
  const server = await startRawServer((socket) => socket.write(answer));
  return createClient(Operations, createTestTransport({ baseUrl: server.baseUrl }));
}
const answering = (body: unknown) => clientOf(httpAnswer(200, JSON.stringify(body)));

const denied = { code: 403, message: "no", status: "PERMISSION_DENIED" };

describe("HTTP 200 with an AIP-193 error is that error", () => {
  test.each<[string, object, Code]>([
    ["with code and status", denied, Code.PermissionDenied],
    ["with a status alone", { status: "NOT_FOUND", message: "gone" }, Code.NotFound],
    ["with an HTTP status alone", { code: 429, message: "slow" }, Code.ResourceExhausted],
    [
      "with a status that is not known",
      { code: 400, status: "NEW_CODE", message: "bad" },
      Code.InvalidArgument,
    ],
    ["with a code in quotes", { code: "403", message: "no" }, Code.PermissionDenied],
    ["with details", { ...denied, details: [{ "@type": "x/y.Z" }] }, Code.PermissionDenied],
  ])("%s", async (_what, error, code) => {
    const client = await answering({ error });
    for (const call of [client.getOperation({ name }), client.cancelOperation({ name })]) {
      expect(await callErrorOf(call)).toMatchObject({
        code,
        httpStatus: 200,
        requestSent: true,
        operationName: name,
      });
    }
    expect(await callErrorOf(client.deleteOperation({ name }))).toMatchObject({ code });
  });

  test.each([
    ["a code of google.rpc.Code", { error: { code: 7, message: "no" } }, Code.PermissionDenied],
    ["a message alone", { error: { message: "no" } }, Code.Unknown],
    ["text", { error: "access_denied", error_description: "no" }, Code.Unknown],
  ])("with %s, where the response has no fields", async (_what, body, code) => {
    const client = await answering(body);
    for (const call of [client.cancelOperation({ name }), client.deleteOperation({ name })]) {
      expect(await callErrorOf(call)).toMatchObject({ code, rawMessage: expect.stringContaining("no") });
    }
  });
});

test.each<[string, object]>([
  ["that failed", { name, done: true, error: { code: 7, message: "no" } }],
  ["whose error looks like AIP-193", { name, error: denied }],
  ["without a name", { done: true, error: { code: 403, status: "PERMISSION_DENIED" } }],
  ["with nothing but a google.rpc.Status", { error: { code: 1, message: "cancelled" } }],
])("an operation %s is data", async (_what, body) => {
  const client = await answering(body);
  expect(await client.getOperation({ name })).toMatchObject({ $typeName: "google.longrunning.Operation" });
});

test("an operation with both an error and a response is DATA_LOSS", async () => {
  const response = { "@type": "type.googleapis.com/google.protobuf.Empty" };
  for (const done of [true, false]) {
    const client = await answering({ name, done, error: { code: 7, message: "no" }, response });
    expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({ code: Code.DataLoss });
  }
});

test.each<[string, Buffer]>([
  ["204", httpAnswer(204)],
  ["200 without a body", httpAnswer(200)],
  ["204 with gzip", httpAnswer(204, "", { "content-encoding": "gzip" })],
  ["200 with gzip and no byte", httpAnswer(200, "", { "content-encoding": "gzip" })],
  ["200 with a new line", httpAnswer(200, "\n")],
])("%s is no operation, and a good response to a cancel", async (_what, answer) => {
  const client = await clientOf(answer);
  expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({
    code: Code.DataLoss,
    requestSent: true,
  });
  expect(await client.cancelOperation({ name })).toEqual({ $typeName: "google.protobuf.Empty" });
});
