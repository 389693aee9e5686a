// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { answerEmpty, type FrameWriter, GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf } from "./grpc-peers.js";
import { follow } from "./lines-service.js";

// What the server did not process is sent again at once, whatever the method: RFC 9113, section 8.7, and gRFC A6.

const REFUSED_STREAM = 7;
const NO_ERROR = 0;
const ENHANCE_YOUR_CALM = 11;

function operationsOf(baseUrl: string) {
  return createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl })));
}

/** What becomes of the first call, which the server does not process. */
const unprocessed: Readonly<Record<string, (wire: FrameWriter, stream: number) => void>> = {
  "RST_STREAM with REFUSED_STREAM": (wire, stream) => wire.reset(stream, REFUSED_STREAM),
  "GOAWAY below the stream": (wire) => wire.goaway(0, NO_ERROR),
  "GOAWAY with an error below the stream": (wire) => wire.goaway(0, ENHANCE_YOUR_CALM),
  "GOAWAY above the stream, then one below it": (wire) => {
    wire.goaway(2 ** 31 - 1, NO_ERROR);
    wire.goaway(0, NO_ERROR);
  },
  "GOAWAY below the stream, and the end of the connection": (wire) => {
    wire.goaway(0, NO_ERROR);
    wire.socket.end();
  },
};

test.each(Object.entries(unprocessed))("%s: the call is sent again, and succeeds", async (_title, refuse) => {
  let calls = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    calls += 1;
    if (calls === 1) refuse(wire, stream);
    else answerEmpty(wire, stream);
  });
  await operationsOf(peer.baseUrl).cancelOperation({ name: "operations/1" });
  expect(calls).toBe(2);
});

test("a stream of responses is sent again, too, as long as it has not begun", async () => {
  let calls = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    calls += 1;
    if (calls === 1) wire.reset(stream, REFUSED_STREAM);
    else {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, Buffer.alloc(5));
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
    }
  });
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
  const { message } = await transport.stream(follow, undefined, undefined, undefined, requests());
  const received: unknown[] = [];
  for await (const line of message) received.push(line);
  expect(received).toEqual([create(follow.output)]);
  expect(calls).toBe(2);
});

test("a server that ends each connection after some calls loses none of those that come together", async () => {
  const PER_CONNECTION = 7;
  const served = new Map<number, number>();
  const peer = await startFramePeer((wire, { connection, stream }) => {
    const count = (served.get(connection) ?? 0) + 1;
    served.set(connection, count);
    if (count > PER_CONNECTION) return;
    if (count === PER_CONNECTION) wire.goaway(stream, NO_ERROR);
    answerEmpty(wire, stream);
  });
  const operations = operationsOf(peer.baseUrl);
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => operations.cancelOperation({ name: `operations/${n}` })),
  );
  expect(peer.received.length).toBeGreaterThanOrEqual(6);
});

test.each([
  ["refuses every stream", (wire: FrameWriter, stream: number) => wire.reset(stream, REFUSED_STREAM), 2],
  ["leaves every stream behind", (wire: FrameWriter) => wire.goaway(0, NO_ERROR), 11],
])("a server that %s is not asked without an end: Unavailable", async (_title, refuse, sent) => {
  let calls = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    calls += 1;
    refuse(wire, stream);
  });
  const error = await errorOf(operationsOf(peer.baseUrl).cancelOperation({ name: "operations/1" }));
  expect(error).toMatchObject({
    code: Code.Unavailable,
    requestSent: true,
    message: expect.stringContaining("the server did not process the call"),
  });
  expect(calls).toBe(sent);
});

test.each<[string, (wire: FrameWriter, stream: number) => void]>([
  [
    "has begun to respond before it refuses",
    (wire, stream) => {
      wire.headers(stream, GRPC_HEAD);
      wire.reset(stream, REFUSED_STREAM);
    },
  ],
  ["resets the stream with another code", (wire, stream) => wire.reset(stream, 2)],
  [
    "says that it has processed the stream, and ends",
    (wire, stream) => {
      wire.goaway(stream, NO_ERROR);
      wire.socket.end();
    },
  ],
  ["just breaks the connection", (wire) => wire.socket.resetAndDestroy()],
])("a call is sent once to a server that %s", async (_title, fail) => {
  let calls = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    calls += 1;
    fail(wire, stream);
  });
  await errorOf(operationsOf(peer.baseUrl).cancelOperation({ name: "operations/1" }));
  expect(calls).toBe(1);
});

test("close() lets a call end that has to be sent again", async () => {
  let closing: Promise<void> | undefined;
  let calls = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    calls += 1;
    if (calls === 1) {
      closing = transport.close();
      wire.goaway(0, NO_ERROR);
    } else answerEmpty(wire, stream);
  });
  const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
  await createClient(Operations, transport).cancelOperation({ name: "operations/1" });
  await closing;
  expect(calls).toBe(2);
});

async function* requests() {
  yield { name: "logs/1" };
}
