// SPDX-License-Identifier: Apache-2.0
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { type FrameWriter, GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf, startHttp2Peer, transports } from "./grpc-peers.js";
import { follow } from "./lines-service.js";

// A server sees a deadline pass, too, and its reset may be here before our own timer fires: here that timer never does.

const CANCEL = 8;
const TIMEOUT_MS = 40;

/** How a server ends a call whose time is up. */
const endings: Readonly<Record<string, (wire: FrameWriter, stream: number) => void>> = {
  "resets the stream with CANCEL": (wire, stream) => wire.reset(stream, CANCEL),
  "resets the stream with INTERNAL_ERROR": (wire, stream) => wire.reset(stream, 2),
  "resets the stream with CANCEL after the headers": (wire, stream) => {
    wire.headers(stream, GRPC_HEAD);
    wire.reset(stream, CANCEL);
  },
  "closes the connection": (wire) => wire.socket.end(),
};

const later = setTimeout;

/** From here on no timer of the library fires. */
function holdTimers(): void {
  jest.useFakeTimers({
    doNotFake: [
      "performance",
      "Date",
      "nextTick",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "hrtime",
    ],
  });
}
afterEach(() => jest.useRealTimers());

test.each(Object.entries(endings))(
  "a call whose time is up is deadline-exceeded when the server %s first",
  async (_title, end) => {
    const peer = await startFramePeer((wire, { stream }) => {
      later(() => end(wire, stream), TIMEOUT_MS + 5);
    });
    holdTimers();
    const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
    const operations = createClient(Operations, transport);
    const call = operations.cancelOperation({ name: "operations/1" }, { timeoutMs: TIMEOUT_MS });
    expect(await errorOf(call)).toMatchObject({
      code: Code.DeadlineExceeded,
      reason: "deadline-exceeded",
      requestSent: true,
    });
  },
);

test.each(Object.entries(transports))(
  "%s: a call that the server cancels before its time is up is canceled",
  async (_name, connect) => {
    const peer = await startFramePeer((wire, { stream }) => wire.reset(stream, CANCEL));
    const operations = createClient(Operations, connect(peer.port));
    const call = operations.cancelOperation({ name: "operations/1" }, { timeoutMs: 60_000 });
    expect(await errorOf(call)).toMatchObject({ code: Code.Canceled, reason: "cancelled-call" });
  },
);

test("a stream of responses whose time is up is deadline-exceeded, too", async () => {
  const peer = await startFramePeer((wire, { stream }) => {
    wire.headers(stream, GRPC_HEAD);
    later(() => wire.reset(stream, CANCEL), TIMEOUT_MS + 5);
  });
  holdTimers();
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  const reading = (async () => {
    const { message } = await transport.stream(follow, undefined, TIMEOUT_MS, undefined, requests());
    for await (const _line of message);
  })();
  expect(await errorOf(reading)).toMatchObject({ code: Code.DeadlineExceeded });
});

test("the server is told the time that is left, without what interceptors have taken", async () => {
  const timeoutsMs: number[] = [];
  const peer = await startHttp2Peer((stream, headers) => {
    timeoutsMs.push(Number.parseInt(String(headers["grpc-timeout"]), 10));
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-status": 5 },
      { endStream: true },
    );
  });
  const slow: Interceptor = (next) => (request) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    return next(request);
  };
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl, interceptors: [slow] }));
  const operations = createClient(Operations, transport);
  await errorOf(operations.cancelOperation({ name: "operations/1" }, { timeoutMs: 9_000 }));
  expect(timeoutsMs).toHaveLength(1);
  expect(timeoutsMs[0]).toBeLessThanOrEqual(8_700);
});

async function* requests() {
  yield { name: "logs/1" };
}
