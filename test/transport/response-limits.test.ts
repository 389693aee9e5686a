// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { Code, type Transport } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { startHttp2Peer } from "./grpc-peers.js";
import { closeAfterTest, httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, engines } from "./rest-fixture.js";

// What exceeds a limit of the client's own is no quota of the server's: nothing is sent again, and no wait goes on.

const MAX = 10_000;
const name = "operations/1";

interface Server {
  readonly transport: Transport;
  requests(): number;
}

type Start = () => Promise<Server>;

function restServer(response: () => Uint8Array, http: object): Start {
  return async () => {
    const server = await startRawServer((socket) => socket.write(response()));
    const transport = createRestTransport({ baseUrl: server.baseUrl, maxResponseBytes: MAX, ...http });
    closeAfterTest(() => transport.close());
    return { transport, requests: () => server.requests.length };
  };
}

function grpcServer(
  message: Uint8Array,
  headers: Record<string, string>,
  kind: "gRPC" | "grpc-js",
  maxResponseBytes = MAX,
): Start {
  return async () => {
    let requests = 0;
    const { baseUrl } = await startHttp2Peer((stream) => {
      requests += 1;
      stream.resume();
      stream.on("error", () => undefined);
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", ...headers },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const prefix = Buffer.from([headers["grpc-encoding"] === undefined ? 0 : 1, 0, 0, 0, 0]);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
    const own = { address: new URL(baseUrl).host, credentials: credentials.createInsecure() };
    const transport =
      kind === "gRPC"
        ? createGrpcTransport({ baseUrl, maxResponseBytes })
        : createGrpcJsTransport({ ...own, maxResponseBytes });
    closeAfterTest(() => transport.close());
    return { transport, requests: () => requests };
  };
}

const blanks = Buffer.alloc(2 * MAX, " ");
const bodies: [what: string, response: () => Uint8Array][] = [
  ["a body above the limit", () => httpAnswer(200, blanks)],
  ["a body that unfolds above it", () => httpAnswer(200, gzipSync(blanks), { "content-encoding": "gzip" })],
  ["JSON of 600 levels", () => httpAnswer(200, `{"x":${"[".repeat(600)}${"]".repeat(600)}}`)],
  ["headers of 300 KB", () => httpAnswer(200, "{}", { "x-long": "a".repeat(300_000) })],
];

/** Half a megabyte of a field that an Operation does not have. */
const MANY_FIELDS = new Uint8Array(Buffer.alloc(600_000, Buffer.from([0x78, 1])));

/** The bytes of HTTP/2's own count: 600 or 2,000 headers, with 32 for each. */
const LONG_HEADERS = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`x-${at}`, "a".repeat(100)]));
const MANY_HEADERS = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`x-${at}`, "a"]));
const OK = { "grpc-status": "0" };

/** A server of gRPC that sends more headers than one of Node would. */
function headersServer(head: Record<string, string>, trailers: Record<string, string>): Start {
  return async () => {
    let requests = 0;
    const { baseUrl } = await startFramePeer((wire, { stream }) => {
      requests += 1;
      wire.headers(stream, { ...GRPC_HEAD, ...head });
      wire.data(stream, Buffer.from([0, 0, 0, 0, name.length + 2, 0x0a, name.length, ...Buffer.from(name)]));
      wire.headers(stream, trailers, { last: true });
    });
    const transport = createGrpcTransport({ baseUrl });
    closeAfterTest(() => transport.close());
    return { transport, requests: () => requests };
  };
}

const cases: [what: string, start: Start][] = [
  ...engines.flatMap(([engine, http]) =>
    bodies.map(([what, response]): [string, Start] => [
      `${what}, over REST by ${engine}`,
      () => restServer(response, http())(),
    ]),
  ),
  ...(["gRPC", "grpc-js"] as const).flatMap((kind): [string, Start][] => [
    [`a message above the limit, over ${kind}`, grpcServer(blanks, {}, kind)],
    [
      `a message that unfolds above it, over ${kind}`,
      grpcServer(gzipSync(blanks), { "grpc-encoding": "gzip" }, kind),
    ],
    [`a message of too many fields, over ${kind}`, grpcServer(MANY_FIELDS, {}, kind, 1_000_000)],
  ]),
  ["headers of 83 KB, over gRPC", headersServer(LONG_HEADERS, OK)],
  ["two thousand headers, over gRPC", headersServer(MANY_HEADERS, OK)],
  ["trailers of 83 KB, over gRPC", headersServer({}, { ...LONG_HEADERS, ...OK })],
  ["an error with 83 KB of trailers, over gRPC", headersServer({}, { ...LONG_HEADERS, "grpc-status": "14" })],
];

describe.each(cases)("%s", (_what, start) => {
  test("is an error of its own", async () => {
    const { transport } = await start();
    const client = createOperationsClient({ transport });
    const error = await callErrorOf(client.getOperation(name));
    expect(error).toMatchObject({
      code: Code.ResourceExhausted,
      reason: "response-too-large",
      requestSent: true,
      attempts: 1,
    });
    expect(error.message).toContain("a limit of the client");
  });

  test("is not sent again where RESOURCE_EXHAUSTED is, ends a wait at once, and slows nothing down", async () => {
    const { transport, requests } = await start();
    const codes = [Code.ResourceExhausted, Code.Unavailable];
    const client = createOperationsClient({
      transport,
      retry: { codes },
      polling: { transientCodes: codes },
    });
    await callErrorOf(client.getOperation(name));
    expect(requests()).toBe(1);
    const waited = await callErrorOf(client.operation(name).wait());
    expect([waited.reason, requests()]).toEqual(["response-too-large", 2]);
    const reports = [];
    for await (const report of client.cancelOperations([name])) reports.push(report);
    expect(reports).toMatchObject([{ state: "error", error: { reason: "response-too-large" } }]);
    expect(requests()).toBe(3);
  });
});

test("many headers over gRPC are a response as any other", async () => {
  const headers = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x-${at}`, "a"]));
  const { transport } = await grpcServer(Buffer.from([0x0a, 1, 0x61]), headers, "gRPC")();
  const client = createOperationsClient({ transport });
  expect(await client.getOperation("a")).toMatchObject({ name: "a" });
});
