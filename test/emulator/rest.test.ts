// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { rawExchange, rawRequest } from "./raw-request.js";

const RUNS = "networks/123/operations/reports/runs";

test("a cancel in bytes: no body in, the empty object out", async () => {
  await using emulator = await startEmulator();
  const name = emulator.operations.start({ parent: RUNS });
  const answer = await rawRequest(emulator.port, [`POST /v1/${name}:cancel HTTP/1.1`, "content-length: 0"]);
  expect(answer).toMatchObject({ status: 200, body: "{}", headers: { "content-length": "2" } });
  expect(emulator.operations.find(name)).toMatchObject({ cancelRequested: true });
});

test("a report run from its start to CANCELLED, all over REST", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({
    clock,
    reportRuns: { durationMs: 1_000, cancelDelayMs: 100 },
  });
  const call = async (path: string, method = "GET", body?: string) => {
    const init =
      body === undefined ? { method } : { method, body, headers: { "content-type": "application/json" } };
    const response = await fetch(`${emulator.baseUrl}/v1/${path}`, init);
    return [response.status, await response.json()];
  };
  const name = `${RUNS}/1`;
  const metadata = (percentComplete?: number) => ({
    "@type": "type.googleapis.com/google.ads.admanager.v1.RunReportMetadata",
    ...(percentComplete !== undefined && { percentComplete }),
    report: "networks/123/reports/7",
  });
  expect(await call("networks/123/reports/7:run", "POST", "{}")).toEqual([
    200,
    { name, metadata: metadata() },
  ]);
  await clock.advance(500);
  expect(await call(name)).toEqual([200, { name, metadata: metadata(50) }]);
  expect(await call(`${name}:cancel`, "POST")).toEqual([200, {}]);
  await clock.advance(99);
  expect(await call(name)).toEqual([200, { name, metadata: metadata(59) }]);
  await clock.advance(1);
  const error = { code: 1, message: "The operation was cancelled." };
  expect(await call(name)).toEqual([200, { name, done: true, metadata: metadata(60), error }]);
});

test("a report run that is left alone returns the name of a result", async () => {
  const clock = createFakeClock();
  await using emulator = await startEmulator({ clock });
  const run = await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
  const { name } = (await run.json()) as { name: string };
  await clock.advance(10_000);
  expect(await (await fetch(`${emulator.baseUrl}/v1/${name}`)).json()).toMatchObject({
    done: true,
    metadata: { percentComplete: 100 },
    response: {
      "@type": "type.googleapis.com/google.ads.admanager.v1.RunReportResponse",
      reportResult: "networks/1/reports/2/results/1",
    },
  });
});

test("Ad Manager binds Get and Cancel of report runs, and nothing else", async () => {
  await using emulator = await startEmulator();
  const name = emulator.operations.start({ parent: RUNS });
  const status = async (method: string, path: string) =>
    (await fetch(emulator.baseUrl + path, { method })).status;
  expect(await status("GET", `/v1/${name}`)).toBe(200);
  expect(await status("DELETE", `/v1/${name}`)).toBe(405);
  expect(await status("GET", "/v1/networks/123/operations")).toBe(404);
  expect(await status("POST", `/v1/${name}:wait`)).toBe(404);
});

test("the default names have all five methods", async () => {
  await using emulator = await startEmulator();
  const name = emulator.operations.start({ durationMs: 0 });
  const call = async (method: string, path: string) => {
    const response = await fetch(emulator.baseUrl + path, { method });
    return [response.status, await response.json()];
  };
  const done = { name, done: true, response: { "@type": "type.googleapis.com/google.protobuf.Empty" } };
  expect(await call("GET", `/v1/${name}`)).toEqual([200, done]);
  expect(await call("GET", "/v1/operations?pageSize=5&filter=done%3Dtrue")).toEqual([
    200,
    { operations: [done] },
  ]);
  expect(await call("POST", `/v1/${name}:wait`)).toEqual([200, done]);
  expect(await call("POST", `/v1/${name}:cancel`)).toEqual([200, {}]);
  expect(await call("DELETE", `/v1/${name}`)).toEqual([200, {}]);
  expect(await call("GET", `/v1/${name}`)).toEqual([
    404,
    { error: { code: 404, message: expect.stringContaining(name), status: "NOT_FOUND" } },
  ]);
});

test("http rules add names", async () => {
  const selector = "google.longrunning.Operations.GetOperation";
  await using emulator = await startEmulator({
    httpRules: [{ selector, get: "/v2/{name=projects/*/locations/*/operations/*}" }],
  });
  const name = emulator.operations.start({ parent: "projects/p/locations/l/operations" });
  expect((await fetch(`${emulator.baseUrl}/v2/${name}`)).status).toBe(200);
  expect((await fetch(`${emulator.baseUrl}/v1/${name}`)).status).toBe(404);
});

const error = (code: number, status: string) => ({ error: expect.objectContaining({ code, status }) });

test.each<[string, string[], string, number, object, Record<string, string>]>([
  ["an unknown path", ["GET /v2/nothing HTTP/1.1"], "", 404, error(404, "NOT_FOUND"), {}],
  ["the root, by POST", ["POST / HTTP/1.1"], "", 404, error(404, "NOT_FOUND"), {}],
  ["an unknown operation", ["GET /v1/operations/0 HTTP/1.1"], "", 404, error(404, "NOT_FOUND"), {}],
  [
    "a wrong verb",
    ["PUT /v1/operations/1 HTTP/1.1"],
    "",
    405,
    error(405, "UNIMPLEMENTED"),
    { allow: "GET, DELETE" },
  ],
  [
    "a body that is not JSON",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-type: application/json", "content-length: 1"],
    "{",
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "an unknown field",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-type: application/json", "content-length: 9"],
    '{"why":1}',
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "an unknown query parameter",
    ["GET /v1/operations/1?why=1 HTTP/1.1"],
    "",
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "a bad page token",
    ["GET /v1/operations?pageToken=x HTTP/1.1"],
    "",
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  ["a bad filter", ["GET /v1/operations?filter=%28 HTTP/1.1"], "", 400, error(400, "INVALID_ARGUMENT"), {}],
  [
    "a negative page size",
    ["GET /v1/operations?pageSize=-1 HTTP/1.1"],
    "",
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  ["a dot segment", ["GET /v1/operations/../x HTTP/1.1"], "", 400, error(400, "INVALID_ARGUMENT"), {}],
  [
    "a body of another type",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-type: text/plain", "content-length: 2"],
    "{}",
    415,
    error(415, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "a body in another encoding",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-encoding: br", "content-length: 2"],
    "{}",
    415,
    error(415, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "a body that is no gzip",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-encoding: gzip", "content-length: 2"],
    "{}",
    400,
    error(400, "INVALID_ARGUMENT"),
    {},
  ],
  [
    "a body that is too large",
    ["POST /v1/operations/1:cancel HTTP/1.1", "content-length: 1001"],
    " ".repeat(1_001),
    413,
    error(413, "INVALID_ARGUMENT"),
    { connection: "close" },
  ],
  [
    "a head that is too large",
    ["GET /v1/operations/1 HTTP/1.1", `x-large: ${"x".repeat(2_000)}`],
    "",
    431,
    error(431, "INVALID_ARGUMENT"),
    {},
  ],
  ["what is not HTTP", ["hello"], "", 400, error(400, "INVALID_ARGUMENT"), {}],
])("answers %s with AIP-193 JSON", async (_, lines, body, status, json, headers) => {
  await using emulator = await startEmulator({ maxRequestBytes: 1_000, maxHeaderBytes: 1_500 });
  emulator.operations.start({ id: "1" });
  const answer = await rawRequest(emulator.port, lines, body);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toEqual(json);
  expect(answer.headers).toMatchObject({ "content-type": "application/json; charset=UTF-8", ...headers });
});

test("a body that grows over the limit when it is unzipped is too large", async () => {
  await using emulator = await startEmulator({ maxRequestBytes: 1_000 });
  const response = await fetch(`${emulator.baseUrl}/v1/operations/1:cancel`, {
    method: "POST",
    headers: { "content-encoding": "gzip", "content-type": "application/json" },
    body: gzipSync(Buffer.alloc(100_000, " ")),
  });
  expect(response.status).toBe(413);
});

test("a gzipped body is read", async () => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  const response = await fetch(`${emulator.baseUrl}/v1/operations/1:cancel`, {
    method: "POST",
    headers: { "content-encoding": "gzip", "content-type": "application/json" },
    body: gzipSync("{}"),
  });
  expect(response.status).toBe(200);
});

test("several requests on one connection, with and without bodies, are answered in order", async () => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  const answer = await rawExchange(
    emulator.port,
    "POST /v1/operations/1:cancel HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}" +
      "POST /v1/operations/1:cancel HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n" +
      "GET /v1/operations/2 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
  );
  expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"]);
});

test("the first bytes may come one by one", async () => {
  await using emulator = await startEmulator();
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(emulator.port, "127.0.0.1");
    socket.setNoDelay(true).on("data", (chunk) => {
      socket.destroy();
      resolve(String(chunk));
    });
    const bytes = [..."PUT /v1/operations/1 HTTP/1.1\r\nhost: localhost\r\n\r\n"];
    const next = () => {
      const byte = bytes.shift();
      if (byte !== undefined) socket.write(byte, () => setImmediate(next));
    };
    next();
  });
  expect(answer).toMatch(/^HTTP\/1.1 405 /);
});

test("a target in absolute form is understood", async () => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  expect(await rawRequest(emulator.port, ["GET http://localhost:1/v1/operations/1 HTTP/1.1"])).toMatchObject({
    status: 200,
  });
});

test("a page of this machine may call, and read the responses", async () => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  const preflight = await rawRequest(emulator.port, [
    "OPTIONS /v1/operations/1:cancel HTTP/1.1",
    "origin: http://localhost:5173",
    "access-control-request-method: POST",
    "access-control-request-headers: authorization, x-goog-api-client",
  ]);
  expect(preflight).toMatchObject({
    status: 204,
    headers: {
      "access-control-allow-origin": "http://localhost:5173",
      "access-control-allow-methods": expect.stringContaining("DELETE"),
      "access-control-allow-headers": "authorization, x-goog-api-client",
    },
  });
  const get = await rawRequest(emulator.port, [
    "GET /v1/operations/1 HTTP/1.1",
    "origin: http://localhost:5173",
  ]);
  expect(get.headers).toMatchObject({
    "access-control-allow-origin": "http://localhost:5173",
    "access-control-expose-headers": expect.stringContaining("Grpc-Status"),
  });
  expect(emulator.calls.map(({ requestLine }) => requestLine)).toEqual(["GET /v1/operations/1 HTTP/1.1"]);
});
