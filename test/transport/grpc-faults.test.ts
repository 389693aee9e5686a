// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { CallError } from "../../src/index.js";
import { answerEmpty, type FrameWriter, GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf, startHttp2Peer, transports } from "./grpc-peers.js";
import { closedPort, startHttpServer } from "./raw-server.js";

/** What a server does to the first call; the second one it answers. */
interface Fault {
  readonly title: string;
  readonly does: (wire: FrameWriter, stream: number) => void;
  readonly code: Code;
  /** Of the lean transport; the channel of grpc-js has words of its own. */
  readonly message?: RegExp;
  /** Where the channel of grpc-js has another code. */
  readonly channelCode?: Code;
}

const OK = { "grpc-status": "0" };
const EMPTY = Buffer.alloc(5);
const GRPC_TYPE = { "content-type": "application/grpc" };
const compressed = Buffer.concat([Buffer.from([1, 0, 0, 0, gzipSync("").length]), gzipSync("")]);

const resets: Fault[] = [
  [0, "NO_ERROR", Code.Internal],
  [1, "PROTOCOL_ERROR", Code.Internal],
  [2, "INTERNAL_ERROR", Code.Internal],
  [3, "FLOW_CONTROL_ERROR", Code.Internal],
  [4, "SETTINGS_TIMEOUT", Code.Internal],
  [5, "STREAM_CLOSED", Code.Internal],
  [6, "FRAME_SIZE_ERROR", Code.Internal],
  [7, "REFUSED_STREAM", Code.Unavailable],
  [8, "CANCEL", Code.Canceled],
  [9, "COMPRESSION_ERROR", Code.Internal],
  [10, "CONNECT_ERROR", Code.Internal],
  [11, "ENHANCE_YOUR_CALM", Code.ResourceExhausted],
  [12, "INADEQUATE_SECURITY", Code.PermissionDenied],
  [13, "HTTP_1_1_REQUIRED", Code.Internal],
  [200, "0xc8", Code.Internal],
].flatMap(([number, name, code]) => {
  const message =
    number === 0 ? /without (headers|a grpc-status)/ : new RegExp(`the stream was reset with ${name}:`);
  const reset = (wire: FrameWriter, stream: number) => wire.reset(stream, Number(number));
  return [
    // A refused stream is one that the server has not processed: the call is sent again.
    ...(number === 7 ? [] : [{ title: `RST_STREAM ${name}`, does: reset, code: Number(code), message }]),
    {
      title: `RST_STREAM ${name} after the headers`,
      does: (wire: FrameWriter, stream: number) => {
        wire.headers(stream, GRPC_HEAD);
        wire.data(stream, EMPTY);
        reset(wire, stream);
      },
      code: Number(code),
      message,
    },
  ];
});

const faults: Fault[] = [
  ...resets,
  {
    title: "the connection is closed before the answer",
    does: (wire) => wire.socket.end(),
    code: Code.Unavailable,
    message: /the connection to 127\.0\.0\.1:\d+ broke before the response was complete/,
  },
  {
    title: "the connection is reset before the answer",
    does: (wire) => wire.socket.resetAndDestroy(),
    code: Code.Unavailable,
    message: /the connection to 127\.0\.0\.1:\d+ broke before the response was complete/,
  },
  {
    title: "the connection is closed in the middle of the answer",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY.subarray(0, 3));
      wire.socket.end();
    },
    code: Code.Unavailable,
    message: /broke before the response was complete/,
  },
  {
    title: "GOAWAY with an error",
    does: (wire, stream) => wire.goaway(stream, 11, "too_many_pings"),
    code: Code.Unavailable,
    message: /broke before the response was complete, after GOAWAY ENHANCE_YOUR_CALM \("too_many_pings"\)/,
    channelCode: Code.ResourceExhausted,
  },
  {
    title: "GOAWAY, and the connection is closed in spite of the call on it",
    does: (wire, stream) => {
      wire.goaway(stream, 0);
      wire.socket.end();
    },
    code: Code.Unavailable,
    message: /after GOAWAY NO_ERROR/,
  },
  {
    title: "the response has no trailers",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY);
      wire.reset(stream, 0);
    },
    code: Code.Internal,
    message: /ended the response without a grpc-status/,
  },
  {
    title: "the trailers have no grpc-status",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "x-trailer": "1" }, { last: true });
    },
    code: Code.Internal,
    message: /ended the response without a grpc-status/,
    channelCode: Code.Unknown,
  },
  {
    title: "the answer is nothing but headers, without a grpc-status",
    does: (wire, stream) => wire.headers(stream, GRPC_HEAD, { last: true }),
    code: Code.Internal,
    message: /ended the response without a grpc-status/,
    channelCode: Code.Unknown,
  },
  {
    title: "the grpc-status is no number",
    does: (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, "grpc-status": "fine" }, { last: true }),
    code: Code.Unknown,
  },
  {
    title: "the grpc-status is not one of gRPC's",
    does: (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, "grpc-status": "17" }, { last: true }),
    code: Code.Unknown,
  },
  {
    title: "status OK without a message",
    does: (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, ...OK }, { last: true }),
    code: Code.Unimplemented,
    message: /the response has no message; expected one/,
  },
  {
    title: "two messages for a unary call",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.concat([EMPTY, EMPTY]));
      wire.headers(stream, OK, { last: true });
    },
    code: Code.Unimplemented,
    message: /the response has more than one message; expected one/,
  },
  {
    title: "a message that does not end",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.from([0, 0, 0, 0, 9, 1]));
      wire.headers(stream, OK, { last: true });
    },
    code: Code.Internal,
    message: /the response ends in the middle of a message/,
    channelCode: Code.Unimplemented,
  },
  {
    title: "garbage after the message",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.concat([EMPTY, Buffer.from([0])]));
      wire.headers(stream, OK, { last: true });
    },
    code: Code.Internal,
    message: /the response ends in the middle of a message/,
  },
  {
    title: "bytes that are no message of the type",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]));
      wire.headers(stream, OK, { last: true });
    },
    code: Code.Internal,
    message: /the response is no valid google\.protobuf\.Empty/,
  },
  {
    title: "a compressed message without a declared encoding",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, compressed);
      wire.headers(stream, OK, { last: true });
    },
    code: Code.Internal,
    message: /compressed message but declares no grpc-encoding/,
  },
  {
    title: "a message above the limit",
    does: (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]));
    },
    code: Code.ResourceExhausted,
    message: /the response's message has 2147483647 bytes, more than maxResponseBytes \(8388608\)/,
  },
  ...[
    [200, "text/html", Code.Unknown],
    [200, "application/grpc-web+proto", Code.Unknown],
    [200, "application/grpc+json", Code.Unknown],
    [302, "text/html", Code.Unknown],
    [400, "text/html", Code.Internal],
    [401, "text/html", Code.Unauthenticated],
    [403, "text/html", Code.PermissionDenied],
    [404, "text/html", Code.Unimplemented],
    [408, "text/html", Code.Unknown],
    [429, "text/html", Code.Unavailable],
    [500, "text/html", Code.Unknown],
    [502, "text/html", Code.Unavailable],
    [503, "text/html", Code.Unavailable],
    [504, "text/html", Code.Unavailable],
    [503, "application/grpc", Code.Unavailable],
  ].map(([httpStatus, type, code]) => ({
    title: `HTTP ${httpStatus} with ${type}`,
    does: (wire: FrameWriter, stream: number) => {
      wire.headers(stream, { ":status": String(httpStatus), "content-type": String(type) });
      wire.data(stream, Buffer.from("<html><title>Sign in</title></html>"));
      wire.reset(stream, 0);
    },
    code: Number(code),
    message: new RegExp(
      `the response is not gRPC \\(got HTTP ${httpStatus} with ${String(type).replace(/[+]/g, "\\+")};`,
    ),
  })),
];

const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
beforeAll(() => process.on("unhandledRejection", onRejection));
afterAll(() => process.off("unhandledRejection", onRejection));

describe.each(Object.entries(transports))("%s", (name, connect) => {
  const lean = name === "createGrpcTransport";
  // What grpc-js makes of bytes that are not gRPC at all is its own affair.
  const shared = faults.filter(
    ({ title }) => lean || !/HTTP 200|grpc\+json|garbage|above the limit/.test(title),
  );

  test.each(shared)("$title: the documented code, and the next call works", async (fault) => {
    const { code, channelCode, message } = fault;
    let calls = 0;
    const peer = await startFramePeer((wire, { stream }) => {
      calls += 1;
      if (calls === 1) fault.does(wire, stream);
      else answerEmpty(wire, stream);
    });
    const operations = createClient(Operations, connect(peer.port));
    const error = await errorOf(operations.cancelOperation({ name: "operations/1" }));
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({
      code: lean ? code : (channelCode ?? code),
      method: "google.longrunning.Operations.CancelOperation",
      operationName: "operations/1",
      requestSent: true,
    });
    if (lean && message !== undefined) expect(String(error)).toMatch(message);
    await operations.cancelOperation({ name: "operations/2" });
    expect(rejections).toEqual([]);
  });
});

test("a refused connection is Unavailable, and says which host and port", async () => {
  const port = await closedPort();
  for (const connect of Object.values(transports)) {
    const operations = createClient(Operations, connect(port));
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(
        await errorOf(operations.cancelOperation({ name: "operations/1" }, { timeoutMs: 5_000 })),
      ).toMatchObject({
        code: Code.Unavailable,
        reason: "unavailable",
        operationName: "operations/1",
        message: expect.stringContaining(`127.0.0.1:${port}`),
        cause: expect.anything(),
      });
    }
  }
});

test("an unknown host is Unavailable, and says which", async () => {
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: "https://no-such-host.invalid" }));
  expect(
    await errorOf(createClient(Operations, transport).getOperation({ name: "operations/1" })),
  ).toMatchObject({
    code: Code.Unavailable,
    message: expect.stringMatching(/cannot connect to no-such-host\.invalid: .*(ENOTFOUND|EAI_AGAIN)/),
    cause: expect.objectContaining({ syscall: "getaddrinfo" }),
  });
});

test("a server that speaks only HTTP/1.1 is Unavailable, not a crash", async () => {
  const { port } = await startHttpServer((_request, response) => response.end("<html>"));
  const operations = createClient(
    Operations,
    closedAfterTest(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` })),
  );
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(await errorOf(operations.getOperation({ name: "operations/1" }))).toMatchObject({
      code: Code.Unavailable,
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  }
});

test("a call that was under way at GOAWAY ends as the server ends it; the next one opens a connection", async () => {
  const peer = await startFramePeer((wire, { connection, stream }) => {
    if (connection === 0) wire.goaway(stream, 0);
    answerEmpty(wire, stream);
  });
  const operations = createClient(
    Operations,
    closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl })),
  );
  await operations.cancelOperation({ name: "operations/1" });
  await operations.cancelOperation({ name: "operations/2" });
  expect(peer.received).toHaveLength(2);
});

test("a response with endless headers fails the call, and the next one works", async () => {
  const peer = await startHttp2Peer((stream, _headers, index) => {
    const endless = Object.fromEntries(
      Array.from({ length: index === 0 ? 3_000 : 0 }, (_, n) => [`x-${n}`, "y"]),
    );
    stream.resume();
    stream.respond({ ":status": 200, ...GRPC_TYPE, ...endless }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(EMPTY);
  });
  const operations = createClient(
    Operations,
    closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl })),
  );
  const error = await errorOf(operations.cancelOperation({ name: "operations/1" }));
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({
    code: Code.ResourceExhausted,
    reason: "response-too-large",
    message: expect.stringContaining("headers of more than 64 KiB"),
  });
  await operations.cancelOperation({ name: "operations/1" });
});
