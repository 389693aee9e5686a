// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type EmulatorOptions, startEmulator } from "../../src/emulator.js";
import { PREFACE } from "../http2-frames.js";
import { rawExchange } from "./raw-request.js";

const CANCEL = "POST /v1/operations/1:cancel HTTP/1.1\r\ncontent-length: 0\r\nconnection: close\r\n";

/** The status of a cancel with these headers, and whether it took effect. */
async function cancelWith(headers: string, options: EmulatorOptions = {}): Promise<[number, boolean]> {
  await using emulator = await startEmulator(options);
  emulator.operations.start({ id: "1" });
  const response = await rawExchange(emulator.port, `${CANCEL}${headers}\r\n`);
  const status = Number(response.split(" ")[1]);
  return [status, emulator.operations.find("operations/1")?.cancelRequested === true];
}

test.each([
  "localhost",
  "localhost:8080",
  "LOCALHOST",
  "api.localhost:1",
  "127.0.0.1",
  "127.9.9.9:1",
  "[::1]:8080",
  "192.168.1.7:8080",
  "[fe80::1]",
])("serves the host %s", async (host) => {
  expect(await cancelWith(`host: ${host}\r\n`)).toEqual([200, true]);
});

test.each([
  "evil.example",
  "evil.example:8080",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "xlocalhost",
])("rejects the host %s, which DNS may lead here, and says how to allow it", async (host) => {
  expect(await cancelWith(`host: ${host}\r\n`)).toEqual([403, false]);
  const allowHosts = [host.replace(/:.*/, "")];
  expect(await cancelWith(`host: ${host}\r\n`, { allowHosts })).toEqual([200, true]);
  await using emulator = await startEmulator();
  const session = connectHttp2(emulator.baseUrl);
  const stream = session.request({ ":path": "/v1/operations", ":authority": host });
  const [status] = await new Promise<[number]>((resolve) =>
    stream.once("response", (headers) => resolve([Number(headers[":status"])])),
  );
  session.destroy();
  expect(status).toBe(403);
});

test.each([
  ["two Host headers", "host: localhost\r\nhost: evil.example\r\n"],
  ["two equal ones", "host: localhost\r\nHost: localhost\r\n"],
  ["a list", "host: localhost, evil.example\r\n"],
  ["no host at all", ""],
  ["a host with a path", "host: localhost/evil\r\n"],
])("rejects %s", async (_, headers) => {
  expect(await cancelWith(headers)).toEqual([400, false]);
});

test.each([
  ["an absolute target's", "GET http://evil.example/v1/operations HTTP/1.1\r\nhost: localhost\r\n"],
  [
    "a gRPC-Web call's",
    "POST /google.longrunning.Operations/GetOperation HTTP/1.1\r\nhost: evil.example\r\n",
  ],
])("checks %s host", async (_, head) => {
  await using emulator = await startEmulator();
  expect(await rawExchange(emulator.port, `${head}content-length: 0\r\nconnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 403 /,
  );
});

test("a gRPC client reads why its host is rejected", async () => {
  await using emulator = await startEmulator();
  const client = createClient(
    Operations,
    createGrpcTransport({
      baseUrl: "http://emulator.test",
      nodeOptions: { createConnection: () => connect(emulator.port, "127.0.0.1") },
    }),
  );
  await expect(client.getOperation({ name: "operations/1" })).rejects.toMatchObject({
    code: Code.PermissionDenied,
    rawMessage: expect.stringContaining("--allow-host emulator.test"),
  });
});

test.each([
  "GET /v1/operations/1 HTTP/1.7\r\nhost: localhost\r\n\r\n",
  "GET /v1/operations/1\r\n\r\n",
  "GET /v1/operations/1 HTTP/0.9\r\n\r\n",
  "GET /v1/operations/1 HTTP/2.0\r\nhost: localhost\r\n\r\n",
])("rejects HTTP/0.9 and versions that nobody knows: %j", async (request) => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  expect(await rawExchange(emulator.port, request)).not.toContain("operations/1");
  expect(emulator.calls).toEqual([]);
});

test.each([
  ["http://localhost:3000", 200],
  ["https://127.0.0.1", 200],
  ["http://[::1]:5173", 200],
  ["http://app.localhost", 200],
  ["https://evil.example", 403],
  ["http://localhost.evil.example", 403],
  ["null", 403],
  ["file://", 403],
])("a page of %s gets %i", async (origin, status) => {
  const headers = `host: localhost\r\norigin: ${origin}\r\n`;
  expect(await cancelWith(headers)).toEqual([status, status === 200]);
  expect(await cancelWith(headers, { allowOrigins: [origin] })).toEqual([200, true]);
  expect(await cancelWith(headers, { allowOrigins: ["*"] })).toEqual([200, true]);
});

test.each([
  "host: localhost\r\norigin: http://localhost:1\r\norigin: https://evil.example\r\n",
  "host: localhost\r\norigin: http://localhost:1\r\nOrigin: http://localhost:1\r\n",
])("rejects two origins: %j", async (headers) => {
  expect(await cancelWith(headers)).toEqual([400, false]);
});

test("a foreign page's preflight is rejected, and nothing of it is on record", async () => {
  await using emulator = await startEmulator();
  const response = await fetch(`${emulator.baseUrl}/v1/operations/1:cancel`, {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  expect(emulator.calls).toEqual([]);
});

test.each<[string, (port: number) => { once(event: "close", listener: () => void): unknown }]>([
  ["that says nothing", (port) => connectHttp2(`http://127.0.0.1:${port}`)],
  [
    "with a request that never ends",
    (port) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`);
      session.on("error", () => undefined);
      const stream = session.request({
        ":method": "POST",
        ":path": "/google.longrunning.Operations/GetOperation",
        "content-type": "application/grpc",
      });
      stream.on("error", () => undefined).write(Buffer.from([0, 0, 0, 0, 9]));
      return session;
    },
  ],
  [
    "that is half a preface and settings",
    (port) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined).resume();
      socket.write(PREFACE);
      return socket;
    },
  ],
])("an HTTP/2 connection %s is ended", async (_, open) => {
  await using emulator = await startEmulator({ idleTimeoutMs: 50, closeGraceMs: 0 });
  await new Promise<void>((resolve) => open(emulator.port).once("close", resolve));
});
