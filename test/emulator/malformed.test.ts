// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { PREFACE } from "../http2-frames.js";
import { propertyRuns } from "../property-runs.js";
import { rawExchange } from "./raw-request.js";

/** Malformed requests; two thirds of them are bytes on connections of their own, one third HTTP/2 requests. */
const numRuns = propertyRuns(50_000);
const http2Runs = Math.ceil(numRuns / 3);
const timeoutMs = 60_000 + numRuns * 20;

let emulator: Emulator;
const printed = (["error", "warn", "log"] as const).map((method) => jest.spyOn(console, method));

beforeAll(async () => {
  emulator = await startEmulator({ closeGraceMs: 0 });
  emulator.operations.start({ id: "1", durationMs: 3_600_000 });
});

afterAll(async () => {
  await emulator.close();
  for (const spy of printed) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

/** A client that behaves is served, over both HTTP versions. */
async function expectService(): Promise<void> {
  expect((await fetch(`${emulator.baseUrl}/v1/operations/1`)).status).toBe(200);
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  expect(await client.getOperation({ name: "operations/1" })).toMatchObject({ name: "operations/1" });
}

/** Writes bytes, lets the server have them, breaks off. */
async function throwAt(bytes: Uint8Array): Promise<void> {
  const socket = connect(emulator.port, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  await once(socket, "connect");
  await new Promise<void>((resolve) => socket.write(bytes, () => setImmediate(resolve)));
  socket.destroy();
}

const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

const bytes = fc.uint8Array({ maxLength: 200 });

const PIECES = [
  ["GET ", "POST ", "CONNECT ", "PRI * HTTP/2.0\r\n\r\n", "\0", "é", "{", "\r\n"],
  ["/v1/operations/1", "/v1/operations/1:cancel", "/google.longrunning.Operations/GetOperation"],
  ["*", "//", "/%", "/%zz", "/..", "http://[::", "?", "?%", "?filter=((", "?pageSize=x"],
  [" HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/9.9\r\n", "host: localhost\r\n", "host: [\r\n"],
  [
    "content-length: 5\r\n",
    "content-length: -1\r\n",
    "transfer-encoding: chunked\r\n",
    '5\r\n{"a":\r\n',
    "0\r\n\r\n",
  ],
  ["content-type: application/json\r\n", "content-type: application/grpc\r\n", "content-type: \u0001\r\n"],
  ["content-type: application/grpc-web+proto\r\n", "content-encoding: gzip\r\n", "expect: 100-continue\r\n"],
  [
    "upgrade: h2c\r\nconnection: upgrade\r\n",
    "x-server-timeout: -1\r\n",
    "grpc-timeout: 1x\r\n",
    "origin: \u00ff\r\n",
  ],
].flat();

const http1 = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 12 })
  .map((pieces) => Buffer.from(pieces.join(""), "latin1"));

const frame = fc
  .tuple(fc.integer({ max: 12, min: 0 }), fc.nat(255), fc.nat(5), fc.uint8Array({ maxLength: 60 }))
  .map(([type, flags, stream, payload]) => [0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);

const http2 = fc
  .array(frame, { maxLength: 6 })
  .map((frames) => Buffer.concat([PREFACE, EMPTY_SETTINGS, Buffer.from(frames.flat())]));

const RPC = "/google.longrunning.Operations/GetOperation";

test.each<[string, string, number]>([
  ["an RPC with a broken Host", `POST ${RPC} HTTP/1.1\r\nhost: [\r\nconnection: close\r\n\r\n`, 400],
  ["an RPC without a Host", `POST ${RPC} HTTP/1.0\r\n\r\n`, 400],
  ["an RPC by GET", `GET ${RPC} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`, 405],
  [
    "an RPC of an unknown content type",
    `POST ${RPC} HTTP/1.0\r\nhost: localhost\r\ncontent-type: x\r\n\r\n`,
    415,
  ],
  ["REST without a Host", "GET /v1/operations/1 HTTP/1.0\r\n\r\n", 200],
  ["an asterisk", "OPTIONS * HTTP/1.0\r\n\r\n", 404],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    400,
  ],
  [
    "a chunk without a length",
    "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nz\r\n",
    400,
  ],
])("answers %s", async (_, request, status) => {
  expect(await rawExchange(emulator.port, request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  await expectService();
});

test(
  "no bytes on a connection end the service",
  async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(bytes, http1, http2), throwAt), {
      numRuns: numRuns - http2Runs,
    });
    await expectService();
  },
  timeoutMs,
);

const http2Request = fc.record({
  ":path": fc.constantFrom(
    "/v1/operations/1",
    "/google.longrunning.Operations/GetOperation",
    "x",
    "//[",
    "/%ff",
  ),
  ":method": fc.constantFrom("GET", "POST", "OPTIONS", "", "\u00ff"),
  "content-type": fc.constantFrom(
    "application/json",
    "application/grpc",
    "application/grpc-web",
    "text/plain",
    "",
  ),
  "content-encoding": fc.constantFrom("gzip", "identity", "nonsense"),
  "grpc-encoding": fc.constantFrom("gzip", "identity", "nonsense"),
  "grpc-timeout": fc.constantFrom("1S", "1x", ""),
});

test(
  "no request on an HTTP/2 connection ends the service",
  async () => {
    let session: ClientHttp2Session | undefined;
    const open = () => {
      if (session === undefined || session.closed || session.destroyed) {
        session = connectHttp2(emulator.baseUrl).on("error", () => undefined);
      }
      return session;
    };
    const send = async (headers: Record<string, string>, body: Uint8Array) => {
      const stream = open().request(headers);
      stream.on("error", () => undefined).resume();
      stream.end(body);
      await new Promise((resolve) => stream.once("close", resolve));
    };
    await fc.assert(fc.asyncProperty(http2Request, bytes, send), { numRuns: http2Runs });
    session?.destroy();
    await expectService();
  },
  timeoutMs,
);

test("a thousand connections that say nothing, or half a request, are no hindrance", async () => {
  const half = "POST /v1/operations/1:cancel HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{";
  const starts = ["", "P", "PRI * HT", "GET /v1/oper", half];
  const sockets: Socket[] = [];
  for (let n = 0; n < 1_000; n++) {
    const socket = connect(emulator.port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    if (n % 100 === 99) await once(socket, "connect");
    socket.write(starts[n % starts.length] ?? "");
  }
  await expectService();
  for (const socket of sockets) socket.destroy();
  await expectService();
}, 30_000);
