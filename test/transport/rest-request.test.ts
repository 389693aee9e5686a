// SPDX-License-Identifier: Apache-2.0
import { create, type Message } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport } from "../../src/index.js";
import { Annotated } from "../http-rule/vectors/gen/annotated_pb.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, engines, reportRunRules, thrownBy } from "./rest-fixture.js";

const name = "networks/123/operations/reports/runs/456";
const { cancelOperation, getOperation } = Operations.method;
const answerEmpty = () => startRawServer((socket) => socket.write(httpAnswer(200, "{}")));

test("cancels with exactly these bytes: no body, and a length that says so", async () => {
  const server = await answerEmpty();
  const transport = createTestTransport({ baseUrl: server.baseUrl, httpRules: reportRunRules });
  const response = await createClient(Operations, transport).cancelOperation({ name });
  expect(response).toEqual({ $typeName: "google.protobuf.Empty" });
  expect(server.requests).toEqual([
    "POST /v1/networks/123/operations/reports/runs/456:cancel HTTP/1.1\r\n" +
      `host: 127.0.0.1:${server.port}\r\n` +
      "accept: application/json\r\n" +
      "user-agent: longrunning/0.1.0\r\n" +
      `x-goog-api-client: gl-node/${process.versions.node} gapic/0.1.0 rest/0.1.0\r\n` +
      "accept-encoding: gzip, deflate, br\r\n" +
      "content-length: 0\r\n" +
      "Connection: keep-alive\r\n\r\n",
  ]);
});

test("describes the same request without sending it", async () => {
  const server = await answerEmpty();
  const transport = createTestTransport({ baseUrl: server.baseUrl, httpRules: reportRunRules });
  expect(transport.describe(cancelOperation, { name })).toEqual({
    method: "POST",
    url: `${server.baseUrl}/v1/${name}:cancel`,
    headers: {
      accept: "application/json",
      "content-length": "0",
      "user-agent": "longrunning/0.1.0",
      "x-goog-api-client": expect.stringMatching(/^gl-node\/[\d.]+ gapic\/[\d.]+ rest\/[\d.]+$/),
    },
  });
  expect(server.connections).toBe(0);
});

test("describes a body with its type and its length in bytes", () => {
  const transport = createRestTransport({ baseUrl: "https://example.com" });
  expect(transport.describe(Annotated.method.store, { name: "x", key: "ö" })).toMatchObject({
    method: "POST",
    headers: { "content-type": "application/json", "content-length": "12" },
    body: '{"key":"ö"}',
  });
});

test("sends a google.api.HttpBody as its bytes, under its own content type, and reads one so", async () => {
  const server = await startRawServer((socket) => {
    socket.write(httpAnswer(200, new Uint8Array([0, 255, 1]), { "content-type": "image/png" }));
  });
  const client = createClient(Annotated, createTestTransport({ baseUrl: server.baseUrl }));
  const answer = await client.upload({ contentType: "text/csv", data: new TextEncoder().encode("a,b") });
  expect(server.requests[0]).toMatch(/\r\ncontent-type: text\/csv\r\n.*\r\n\r\na,b$/s);
  expect(answer).toMatchObject({ contentType: "image/png", data: new Uint8Array([0, 255, 1]) });
});

describe.each(engines)("over the %s engine", (_engine, http) => {
  test("lets the caller's headers win, and drops those that are not the caller's to set", async () => {
    const server = await answerEmpty();
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const headers = {
      accept: "application/json;v=2",
      "x-goog-api-client": "mine/1",
      "x-goog-user-project": "p",
      "content-length": "99",
      "transfer-encoding": "chunked",
      host: "evil.example.com",
      connection: "close",
      te: "trailers",
      upgrade: "h2c",
      expect: "100-continue",
      "grpc-timeout": "1S",
      "connect-protocol-version": "1",
    };
    await createClient(Operations, transport)
      .getOperation({ name: "operations/1" }, { headers })
      .catch(() => undefined);
    const request = server.requests[0] ?? "";
    expect(request).toContain("\r\naccept: application/json;v=2\r\n");
    expect(request).toContain("\r\nx-goog-api-client: mine/1\r\n");
    expect(request).toContain("\r\nx-goog-user-project: p\r\n");
    expect(request.toLowerCase()).toContain(`\r\nhost: 127.0.0.1:${server.port}\r\n`);
    expect(request).not.toMatch(
      /content-length|transfer-encoding|evil|\r\nte:|upgrade|expect|grpc-|connect-protocol|: close/i,
    );
  });

  test("sends a content type with a body only, even when the caller has one", async () => {
    const server = await answerEmpty();
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const client = createClient(Operations, transport);
    const options = { headers: { "content-type": "application/json; charset=utf-8" } };
    await client.deleteOperation({ name: "operations/1" }, options);
    await client.cancelOperation({ name: "operations/1" }, options);
    expect(server.requests[0]).not.toMatch(/content-type/i);
    expect(server.requests[1]).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/);
  });
});

test("tells the server the timeout when asked to", async () => {
  const server = await answerEmpty();
  const transport = createTestTransport({
    baseUrl: server.baseUrl,
    sendServerTimeout: true,
    defaultTimeoutMs: 20_000,
  });
  const client = createClient(Operations, transport);
  await client.cancelOperation({ name: "operations/1" });
  await client.cancelOperation({ name: "operations/1" }, { timeoutMs: 1_500 });
  await client.cancelOperation({ name: "operations/1" }, { timeoutMs: 0 });
  expect(server.requests.map((request) => /x-server-timeout: (.*)\r\n/.exec(request)?.[1])).toEqual([
    "20",
    "1.5",
    undefined, // none, as everywhere in Connect
  ]);
  expect(transport.describe(getOperation, { name: "operations/1" }).headers).toMatchObject({
    "x-server-timeout": "20",
  });
});

test("transcodes what the interceptors leave, headers included", async () => {
  const server = await answerEmpty();
  const seen: string[] = [];
  const rename: Interceptor = (next) => (request) => {
    seen.push(`${request.requestMethod} ${request.url}`);
    request.header.set("authorization", "Bearer t");
    if (request.stream) return next(request);
    const message: Message = create(cancelOperation.input, { name: "operations/new" });
    return next({ ...request, message });
  };
  const transport = createTestTransport({ baseUrl: server.baseUrl, interceptors: [rename] });
  await createClient(Operations, transport).cancelOperation({ name: "operations/old" });
  expect(seen).toEqual([`POST ${server.baseUrl}/v1/operations/old:cancel`]);
  expect(server.requests[0]).toMatch(/^POST \/v1\/operations\/new:cancel .*\r\nauthorization: Bearer t\r\n/s);
});

test("rejects a method without a rule, says what can be done, and sends nothing", async () => {
  const server = await answerEmpty();
  const client = createClient(Operations, createTestTransport({ baseUrl: server.baseUrl }));
  const error = await callErrorOf(client.waitOperation({ name: "operations/1" }));
  expect(error).toMatchObject({
    code: Code.Unimplemented,
    reason: "unimplemented",
    requestSent: false,
    method: "google.longrunning.Operations.WaitOperation",
    operationName: "operations/1",
  });
  expect(error.rawMessage).toContain("httpRules");
  expect(error.rawMessage).toContain("google.longrunning.Operations.WaitOperation");
  expect(server.connections).toBe(0);
});

test("rejects a name that fits no binding, lists the patterns, and sends nothing", async () => {
  const server = await answerEmpty();
  const transport = createTestTransport({ baseUrl: server.baseUrl, httpRules: reportRunRules });
  const error = await callErrorOf(
    createClient(Operations, transport).cancelOperation({ name: "operations/1" }),
  );
  expect(error).toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
    operationName: "operations/1",
    method: "google.longrunning.Operations.CancelOperation",
  });
  expect(error.rawMessage).toContain("networks/*/operations/reports/runs/*");
  expect(error).toEqual(thrownBy(() => transport.describe(cancelOperation, { name: "operations/1" })));
  expect(server.connections).toBe(0);
});

test("rejects an illegal header without repeating its value, and sends nothing", async () => {
  const server = await answerEmpty();
  const client = createClient(Operations, createTestTransport({ baseUrl: server.baseUrl }));
  const call = client.cancelOperation(
    { name: "operations/1" },
    { headers: { authorization: "Bearer secret\r\nx: y" } },
  );
  const error = await callErrorOf(call);
  expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
  expect(`${error} ${error.stack} ${String(error.cause)}`).not.toContain("secret");
  expect(server.connections).toBe(0);
});
