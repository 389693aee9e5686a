// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import fc from "fast-check";
import {
  CancelOperationRequestSchema,
  ListOperationsResponseSchema,
  type Operation,
  OperationSchema,
  Operations,
} from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport, type GrpcTransport } from "../../src/grpc.js";
import { propertyRuns } from "../property-runs.js";
import { closedAfterTest, errorOf, type Peer, startHttp2Peer, transports } from "./grpc-peers.js";

/** What a server saw of a request. */
interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that answers every call with an empty message, and what it saw. */
async function startRecorder(): Promise<{ peer: Peer; seen: Seen[] }> {
  const seen: Seen[] = [];
  const peer = await startHttp2Peer((stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      seen.push({ headers, body: Buffer.concat(chunks) });
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });
  });
  return { peer, seen };
}

const cancel = Operations.method.cancelOperation;
const name = "networks/1/operations/reports/runs/2";

test("sends the request that gRPC over HTTP/2 describes", async () => {
  const { peer, seen } = await startRecorder();
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  await transport.unary(cancel, undefined, 1_500, undefined, { name });
  const { headers, body } = seen[0] ?? { headers: {} };
  expect(Object.fromEntries(Object.entries(headers))).toEqual({
    ":method": "POST",
    ":scheme": "http",
    ":authority": `127.0.0.1:${peer.port}`,
    ":path": "/google.longrunning.Operations/CancelOperation",
    te: "trailers",
    "content-type": "application/grpc+proto",
    "user-agent": expect.stringMatching(/^grpc-node-longrunning\/\d+\.\d+\.\d+$/),
    "grpc-accept-encoding": "gzip",
    "grpc-timeout": expect.stringMatching(/^1[0-5]\d\dm$/),
    "x-goog-api-client": expect.stringMatching(
      /^gl-node\/\d+\.\d+\.\d+ gapic\/\d+\.\d+\.\d+ grpc\/\d+\.\d+\.\d+$/,
    ),
    "x-goog-request-params": `name=${encodeURIComponent(name)}`,
  });
  const message = toBinary(CancelOperationRequestSchema, create(CancelOperationRequestSchema, { name }));
  expect(body).toEqual(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
});

test("sends no grpc-timeout without a timeout, and the default one otherwise", async () => {
  const { peer, seen } = await startRecorder();
  const plain = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  await plain.unary(cancel, undefined, undefined, undefined, { name });
  const timed = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl, defaultTimeoutMs: 5_000 }));
  await timed.unary(cancel, undefined, undefined, undefined, { name });
  await timed.unary(cancel, undefined, 0, undefined, { name }); // Connect's way to switch the default off
  await timed.unary(cancel, undefined, 1e12, undefined, { name }); // longer than a timer can wait
  expect(seen.map(({ headers }) => headers["grpc-timeout"])).toEqual([
    undefined,
    expect.stringMatching(/^(?:4\d\d\d|5000)m$/),
    undefined,
    "16666667M",
  ]);
});

describe.each(Object.entries(transports))("%s", (_name, connect) => {
  test("sends what callers and interceptors set, but for the protocol's own headers", async () => {
    const { peer, seen } = await startRecorder();
    const headers = {
      authorization: "Bearer t",
      "x-goog-request-params": "name=mine",
      "x-goog-api-client": "mine/1",
      "x-data-bin": "AAEC",
      te: "gzip",
      connection: "keep-alive",
      host: "elsewhere.test",
      "content-type": "text/html",
      "content-length": "3",
      "transfer-encoding": "chunked",
      "grpc-timeout": "1n",
      "grpc-encoding": "br",
    };
    await connect(peer.port).unary(cancel, undefined, undefined, headers, { name });
    expect(seen[0]?.headers).toMatchObject({
      ":authority": `127.0.0.1:${peer.port}`,
      authorization: "Bearer t",
      "x-goog-request-params": "name=mine",
      "x-goog-api-client": "mine/1",
      "x-data-bin": "AAEC",
      te: "trailers",
      "content-type": expect.stringMatching(/^application\/grpc/),
    });
    for (const gone of [
      "connection",
      "host",
      "content-length",
      "transfer-encoding",
      "grpc-timeout",
      "grpc-encoding",
    ]) {
      expect(seen[0]?.headers).not.toHaveProperty([gone]);
    }
  });

  test.each([
    [{ "x-note": "ü" }, "header x-note has a value that gRPC cannot carry; expected printable ASCII"],
    [{ "x-note": "a\tb" }, "header x-note has a value that gRPC cannot carry; expected printable ASCII"],
    [
      { "x-note-bin": "not base64!" },
      "header x-note-bin has a value that gRPC cannot carry; expected base64 in a header whose name ends in -bin",
    ],
  ])("rejects the header %j and sends nothing", async (header, message) => {
    const { peer, seen } = await startRecorder();
    const transport = connect(peer.port);
    const error = await errorOf(transport.unary(cancel, undefined, undefined, header, { name }));
    expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false, operationName: name });
    expect(error).toMatchObject({ status: { message } });
    await transport.unary(cancel, undefined, undefined, undefined, { name });
    expect(seen).toHaveLength(1);
  });

  test("rejects a message that its type cannot hold, and sends nothing", async () => {
    const { peer, seen } = await startRecorder();
    const call = connect(peer.port).unary(Operations.method.listOperations, undefined, undefined, undefined, {
      name,
      pageSize: 2 ** 40,
    });
    expect(await errorOf(call)).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    expect(seen).toHaveLength(0);
  });

  test("runs interceptors, the first one outermost, with the whole request", async () => {
    const { peer, seen } = await startRecorder();
    const order: string[] = [];
    const transport = connectWith(connect, peer, order);
    const response = await transport.unary(cancel, undefined, undefined, { "x-a": "1" }, { name });
    expect(order).toEqual([
      `outer POST ${peer.baseUrl}/google.longrunning.Operations/CancelOperation ${name}`,
      "inner",
      "inner done",
      "outer done",
    ]);
    expect(seen[0]?.headers).toMatchObject({ "x-a": "1", "x-inner": "yes" });
    expect(response.header.get("content-type")).toBe("application/grpc");
  });

  test("carries large messages both ways", async () => {
    const operations = Array.from({ length: 300 }, (_, index) =>
      create(OperationSchema, { name: `operations/${index}`.padEnd(12_000, "x") }),
    );
    const large = create(ListOperationsResponseSchema, { operations });
    let received = 0;
    const peer = await startHttp2Peer((stream) => {
      stream.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
      stream.on("end", () => {
        const bytes = toBinary(ListOperationsResponseSchema, large);
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(bytes.length, 1);
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(Buffer.concat([prefix, bytes]));
      });
    });
    const client = createClient(Operations, connect(peer.port));
    const filter = "y".repeat(3_000_000);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.listOperations({ name: "operations", filter })),
    );
    for (const answer of answers) expect(answer.operations).toHaveLength(300);
    expect(received).toBeGreaterThan(8 * filter.length);
  });

  test("runs more calls at once than the server allows streams", async () => {
    const peer = await startHttp2Peer(
      (stream) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.resume();
        stream.end(Buffer.alloc(5));
      },
      { settings: { maxConcurrentStreams: 7 } },
    );
    const client = createClient(Operations, connect(peer.port));
    await Promise.all(Array.from({ length: 300 }, () => client.cancelOperation({ name })));
    expect(peer.sessions).toHaveLength(1);
  });
});

test.each(Object.entries(transports))(
  "%s rejects more headers than HTTP/2 carries, before it sends anything, and goes on",
  async (_title, connect) => {
    const { peer, seen } = await startRecorder();
    const operations = createClient(Operations, connect(peer.port));
    await operations.cancelOperation({ name });
    const own = operations.cancelOperation(
      { name },
      { headers: { "x-a": "a".repeat(40_000), "x-b": "b".repeat(30_000) } },
    );
    // The name is in the header by which Google's front ends route a call, too.
    const long = operations.cancelOperation({ name: `operations/${"1".repeat(70_000)}` });
    for (const call of [own, long]) {
      expect(await errorOf(call)).toMatchObject({
        code: Code.InvalidArgument,
        requestSent: false,
        message: expect.stringContaining("the headers of the call are larger than HTTP/2 carries (got 70"),
      });
    }
    await operations.cancelOperation({ name });
    expect(seen).toHaveLength(2);
  },
);

test("keeps bytes fields as plain Uint8Arrays of their own", async () => {
  const bytes = toBinary(
    OperationSchema,
    create(OperationSchema, {
      name,
      metadata: { typeUrl: "type.googleapis.com/x.Y", value: Uint8Array.of(1, 2) },
    }),
  );
  const peer = await startHttp2Peer((stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.resume();
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, bytes.length]), bytes]));
  });
  for (const connect of Object.values(transports)) {
    const operation = await createClient(Operations, connect(peer.port)).getOperation({ name });
    expect(operation).toEqual(fromBinary(OperationSchema, bytes));
    expect(operation.metadata?.value.constructor).toBe(Uint8Array);
    expect(operation.metadata?.value.buffer.byteLength).toBe(bytes.length);
  }
});

test.each(Object.entries(transports))(
  "%s reads the same message however the answer was cut",
  async (_name, connect) => {
    let answer: { operation: Operation; cuts: number[] } = { operation: create(OperationSchema), cuts: [] };
    const peer = await startHttp2Peer(async (stream) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const message = toBinary(OperationSchema, answer.operation);
      const bytes = Buffer.concat([
        Buffer.from([0, 0, 0, message.length >> 8, message.length & 255]),
        message,
      ]);
      const ends = [...new Set([...answer.cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
        (a, b) => a - b,
      );
      for (const [index, end] of ends.entries()) {
        stream.write(bytes.subarray(ends[index - 1] ?? 0, end));
        await new Promise(setImmediate);
      }
      stream.end();
    });
    const client = createClient(Operations, connect(peer.port));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 300 }),
        fc.array(fc.nat({ max: 310 }), { maxLength: 8 }),
        async (sent, cuts) => {
          const operation = create(OperationSchema, { name: sent });
          answer = { operation, cuts: [...cuts] };
          expect(await client.getOperation({ name })).toEqual(operation);
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  },
);

/** The transport under test with two interceptors that write down what they do. */
function connectWith(_connect: (port: number) => GrpcTransport, peer: Peer, order: string[]): GrpcTransport {
  return closedAfterTest(
    createGrpcTransport({
      baseUrl: peer.baseUrl,
      interceptors: [
        (next) => async (request) => {
          order.push(
            `outer ${request.requestMethod} ${request.url} ${"name" in request.message ? request.message.name : ""}`,
          );
          const response = await next(request);
          order.push("outer done");
          return response;
        },
        (next) => async (request) => {
          order.push("inner");
          request.header.set("x-inner", "yes");
          const response = await next(request);
          order.push("inner done");
          return response;
        },
      ],
    }),
  );
}
