// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { type FrameWriter, GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf } from "./grpc-peers.js";
import { follow } from "./lines-service.js";

// A status counts in the trailers, or in the only headers of a response that has no other. gRPC over HTTP/2, Responses.

const EMPTY = Buffer.alloc(5);
const OK = { ...GRPC_HEAD, "grpc-status": "0" };
const PERMISSION_DENIED = { ...GRPC_HEAD, "grpc-status": "7" };

type Responds = (wire: FrameWriter, stream: number) => void;

const rows: [title: string, responds: Responds, code: Code | "succeeds"][] = [
  [
    "OK in headers, a message, and the end of the stream",
    (wire, stream) => {
      wire.headers(stream, OK);
      wire.data(stream, EMPTY);
      wire.reset(stream, 0);
    },
    Code.Internal,
  ],
  [
    "OK in headers, a message, and the end of the connection",
    (wire, stream) => {
      wire.headers(stream, OK);
      wire.data(stream, EMPTY);
      wire.socket.end();
    },
    Code.Unavailable,
  ],
  [
    "OK in headers, a message, and trailers without a status",
    (wire, stream) => {
      wire.headers(stream, OK);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "x-trailer": "1" }, { last: true });
    },
    Code.Internal,
  ],
  [
    "an error in headers, a message, and OK in the trailers",
    (wire, stream) => {
      wire.headers(stream, PERMISSION_DENIED);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
    },
    "succeeds",
  ],
  [
    "OK in headers, a message, and an error in the trailers",
    (wire, stream) => {
      wire.headers(stream, OK);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "7" }, { last: true });
    },
    Code.PermissionDenied,
  ],
  [
    "an error in headers that are all there is",
    (wire, stream) => wire.headers(stream, PERMISSION_DENIED, { last: true }),
    Code.PermissionDenied,
  ],
  [
    "an error in headers that are all there is, of another HTTP status",
    (wire, stream) => wire.headers(stream, { ...PERMISSION_DENIED, ":status": "503" }, { last: true }),
    Code.PermissionDenied,
  ],
  [
    "an error in the trailers of another HTTP status",
    (wire, stream) => {
      wire.headers(stream, { ...GRPC_HEAD, ":status": "503" });
      wire.headers(stream, { "grpc-status": "8", "grpc-message": "quota" }, { last: true });
    },
    Code.ResourceExhausted,
  ],
  [
    "OK in the trailers of another HTTP status",
    (wire, stream) => {
      wire.headers(stream, { ...GRPC_HEAD, ":status": "201" });
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
    },
    "succeeds",
  ],
  [
    "another HTTP status, and trailers without a status",
    (wire, stream) => {
      wire.headers(stream, { ...GRPC_HEAD, ":status": "404" });
      wire.headers(stream, { "x-trailer": "1" }, { last: true });
    },
    Code.Unimplemented,
  ],
  [
    "another HTTP status, and a reset",
    (wire, stream) => {
      wire.headers(stream, { ...GRPC_HEAD, ":status": "401" });
      wire.reset(stream, 8);
    },
    Code.Unauthenticated,
  ],
  [
    "another HTTP status in headers that are all there is",
    (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, ":status": "429" }, { last: true }),
    Code.Unavailable,
  ],
  [
    "a blank in the content type",
    (wire, stream) => {
      wire.headers(stream, { ...GRPC_HEAD, "content-type": "application/grpc ; charset=utf-8" });
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
    },
    "succeeds",
  ],
  [
    "OK with a leading zero",
    (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "00" }, { last: true });
    },
    "succeeds",
  ],
  [
    "an error with leading zeros",
    (wire, stream) => wire.headers(stream, { ...GRPC_HEAD, "grpc-status": "0005" }, { last: true }),
    Code.NotFound,
  ],
  [
    "a status without digits",
    (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, EMPTY);
      wire.headers(stream, { "grpc-status": "" }, { last: true });
    },
    Code.Unknown,
  ],
  [
    "OK in the headers of a page",
    (wire, stream) => {
      wire.headers(stream, { ":status": "200", "content-type": "text/html", "grpc-status": "0" });
      wire.data(stream, EMPTY);
      wire.reset(stream, 0);
    },
    Code.Unknown,
  ],
];

test.each(rows)("%s", async (_title, responds, code) => {
  const peer = await startFramePeer((wire, { stream }) => responds(wire, stream));
  const operations = createClient(
    Operations,
    closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl })),
  );
  const call = operations.cancelOperation({ name: "operations/1" });
  if (code === "succeeds") await call;
  else expect(await errorOf(call)).toMatchObject({ code });
});

test("a stream of responses with another HTTP status is what its HTTP status says, when it has no other", async () => {
  const peer = await startFramePeer((wire, { stream }) => {
    wire.headers(stream, { ...GRPC_HEAD, ":status": "503" });
    wire.data(stream, Buffer.from("<html>"));
    wire.reset(stream, 0);
  });
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  const { message } = await transport.stream(follow, undefined, undefined, undefined, requests());
  const reading = message[Symbol.asyncIterator]().next();
  expect(await errorOf(reading)).toMatchObject({ code: Code.Unavailable, httpStatus: 503 });
});

test("a stream of responses that breaks off after OK in its headers is not complete", async () => {
  const peer = await startFramePeer((wire, { stream }) => {
    wire.headers(stream, OK);
    wire.data(stream, EMPTY);
    wire.reset(stream, 0);
  });
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  const { message } = await transport.stream(follow, undefined, undefined, undefined, requests());
  const received: unknown[] = [];
  const reading = (async () => {
    for await (const line of message) received.push(line);
  })();
  expect(await errorOf(reading)).toMatchObject({ code: Code.Internal });
  expect(received).toHaveLength(1);
});

async function* requests() {
  yield { name: "logs/1" };
}
