// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { CallError } from "../../src/index.js";
import { FRAME } from "../http2-frames.js";
import { GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf, type Peer, startHttp2Peer, transports } from "./grpc-peers.js";
import { closeAfterTest } from "./raw-server.js";

const name = "operations/1";
const CANCEL = 8;

/** How far the server goes before it falls silent. */
const stages: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  "before the headers": () => undefined,
  "after the headers": (stream) => stream.respond({ ":status": 200, "content-type": "application/grpc" }),
  "in the middle of the message": (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.write(Buffer.from([0, 0, 0, 0, 9, 1]));
  },
  "before the trailers": (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.write(Buffer.alloc(5));
  },
};

/** A server that goes so far with one call and answers the others; `closed` is the code that it was reset with. */
async function startSilentPeer(stage: (stream: ServerHttp2Stream) => void, silentCall = 0) {
  let reached = () => {};
  let wasClosed = (_code: number | undefined) => {};
  const atStage = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const closed = new Promise<number | undefined>((resolve) => {
    wasClosed = resolve;
  });
  const peer: Peer = await startHttp2Peer((stream, _headers, index) => {
    stream.resume();
    if (index !== silentCall) {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
      return;
    }
    stream.on("close", () => wasClosed(stream.rstCode));
    stage(stream);
    setImmediate(reached);
  });
  return { peer, atStage, closed };
}

describe.each(Object.entries(transports))("%s", (_name, connect) => {
  describe.each(Object.entries(stages))("%s", (_stage, stage) => {
    test("an abort ends the call at once, resets the stream with CANCEL, and is the caller's doing", async () => {
      const { peer, atStage, closed } = await startSilentPeer(stage);
      const operations = createClient(Operations, connect(peer.port));
      const controller = new AbortController();
      const call = errorOf(operations.cancelOperation({ name }, { signal: controller.signal }));
      await atStage;
      controller.abort();
      const error = await call;
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({
        code: Code.Canceled,
        reason: "aborted-by-caller",
        operationName: name,
        requestSent: true,
        cause: controller.signal.reason,
      });
      expect(await closed).toBe(CANCEL);
      await operations.cancelOperation({ name });
    });

    test("the deadline ends the call and resets the stream with CANCEL", async () => {
      const { peer, closed } = await startSilentPeer(stage, 1);
      const operations = createClient(Operations, connect(peer.port));
      await operations.cancelOperation({ name }); // So that the other one is sent at once.
      const error = await errorOf(operations.cancelOperation({ name }, { timeoutMs: 100 }));
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({
        code: Code.DeadlineExceeded,
        reason: "deadline-exceeded",
        operationName: name,
        requestSent: true,
        // On a busy machine the channel notices before the call's own timer.
        status: { message: expect.stringMatching(/^the call timed out$|^Deadline exceeded after/) },
      });
      expect(await closed).toBe(CANCEL);
      await operations.cancelOperation({ name });
    });
  });

  test.each([
    ["no reason", undefined],
    ["an error", new Error("superseded")],
    ["a ConnectError", new ConnectError("superseded", Code.Aborted)],
    [
      "a CallError",
      new CallError({ code: Code.Unavailable, message: "another call failed", requestSent: true }),
    ],
    ["a text", "superseded"],
  ])("an abort with %s is Canceled, with the reason as its cause", async (_title, reason) => {
    const { peer, atStage } = await startSilentPeer(() => undefined);
    const controller = new AbortController();
    const call = errorOf(
      createClient(Operations, connect(peer.port)).getOperation({ name }, { signal: controller.signal }),
    );
    await atStage;
    controller.abort(reason);
    const error = await call;
    expect(error).toMatchObject({ code: Code.Canceled, reason: "aborted-by-caller" });
    expect((error as CallError).cause).toBe(controller.signal.reason);
  });

  test("a signal that has aborted before sends nothing", async () => {
    const { peer } = await startSilentPeer(() => undefined);
    const call = createClient(Operations, connect(peer.port)).getOperation(
      { name },
      { signal: AbortSignal.abort() },
    );
    expect(await errorOf(call)).toMatchObject({
      code: Code.Canceled,
      reason: "aborted-by-caller",
      requestSent: false,
    });
    expect(peer.sessions).toHaveLength(0);
  });

  test("leaves no listener on a signal that outlives the call", async () => {
    const { peer } = await startSilentPeer((stream) => stream.close());
    const operations = createClient(Operations, connect(peer.port));
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: unknown[]) => {
      listeners += 1;
      Reflect.apply(addEventListener, signal, args);
    };
    signal.removeEventListener = (...args: unknown[]) => {
      listeners -= 1;
      Reflect.apply(removeEventListener, signal, args);
    };
    await errorOf(operations.cancelOperation({ name }, { signal }));
    await operations.cancelOperation({ name }, { signal });
    expect(listeners).toBe(0);
  });
});

describe("while the connection is being made", () => {
  /** A port whose TLS handshake never ends. */
  async function startMutePort(): Promise<{ baseUrl: string; sockets: Socket[]; connected: Promise<void> }> {
    const sockets: Socket[] = [];
    let onConnected = () => {};
    const connected = new Promise<void>((resolve) => {
      onConnected = resolve;
    });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      sockets.push(socket);
      onConnected();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closeAfterTest(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    const address = server.address();
    return {
      baseUrl: `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
      sockets,
      connected,
    };
  }

  test("an abort ends the call, and the attempt to connect when no other call waits for it", async () => {
    const { baseUrl, sockets, connected } = await startMutePort();
    const operations = createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl })));
    const first = new AbortController();
    const second = new AbortController();
    const calls = [first, second].map(({ signal }) => errorOf(operations.getOperation({ name }, { signal })));
    await connected;
    first.abort();
    expect(await calls[0]).toMatchObject({ reason: "aborted-by-caller" });
    expect(sockets[0]?.destroyed).toBe(false);
    const gone = new Promise((resolve) => sockets[0]?.once("close", resolve));
    second.abort();
    expect(await calls[1]).toMatchObject({ reason: "aborted-by-caller" });
    await gone;
    expect(sockets).toHaveLength(1);
  });

  test("a call of the turn in which another one was aborted has a connection of its own", async () => {
    const { baseUrl } = await startHttp2Peer((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });
    const operations = createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl })));
    const controller = new AbortController();
    const first = errorOf(operations.getOperation({ name }, { signal: controller.signal }));
    await Promise.resolve();
    controller.abort();
    const second = operations.getOperation({ name });
    expect(await first).toMatchObject({ reason: "aborted-by-caller" });
    expect(await second).toMatchObject({ done: false });
  });

  test("the deadline ends the call; the next call tries again", async () => {
    const { baseUrl, sockets } = await startMutePort();
    const operations = createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl })));
    for (let attempt = 1; attempt <= 2; attempt++) {
      const error = await errorOf(operations.getOperation({ name }, { timeoutMs: 100 }));
      expect(error).toMatchObject({ code: Code.DeadlineExceeded });
      while (sockets.length < attempt) await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

test("a PING without a response ends the connection: Unavailable, and the next call connects again", async () => {
  const peer = await startFramePeer(
    (wire, { connection, stream }) => {
      wire.headers(stream, GRPC_HEAD);
      if (connection === 0) return;
      wire.data(stream, Buffer.alloc(5));
      wire.headers(stream, { "grpc-status": "0" }, { last: true });
    },
    { answersPings: false },
  );
  const transport = closedAfterTest(
    createGrpcTransport({ baseUrl: peer.baseUrl, pingIntervalMs: 50, pingTimeoutMs: 50 }),
  );
  const operations = createClient(Operations, transport);
  expect(await errorOf(operations.getOperation({ name }))).toMatchObject({
    code: Code.Unavailable,
    message: expect.stringContaining(
      "broke before the response was complete: no response to a PING within 50 ms",
    ),
  });
  expect(peer.received[0]?.some(({ type }) => type === FRAME.ping)).toBe(true);
  await operations.cancelOperation({ name });
  expect(peer.received).toHaveLength(2);
});

test("an idle connection is closed after its time, and the next call opens another", async () => {
  const { peer } = await startSilentPeer((stream) => stream.close());
  const transport = closedAfterTest(
    createGrpcTransport({ baseUrl: peer.baseUrl, idleConnectionTimeoutMs: 50 }),
  );
  const operations = createClient(Operations, transport);
  await errorOf(operations.cancelOperation({ name }));
  await new Promise((resolve) => peer.sessions[0]?.once("close", resolve));
  await operations.cancelOperation({ name });
  expect(peer.sessions).toHaveLength(2);
});

describe("close()", () => {
  test.each(Object.entries(transports))(
    "%s lets calls under way end, and takes no more",
    async (_name, connect) => {
      let answer = () => {};
      const peer = await startHttp2Peer((stream) => {
        stream.resume();
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        answer = () => stream.end(Buffer.alloc(5));
        setImmediate(() => reached());
      });
      let reached = () => {};
      const underWay = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const transport = connect(peer.port);
      const operations = createClient(Operations, transport);
      const call = operations.cancelOperation({ name });
      await underWay;
      const closing = transport.close();
      expect(await errorOf(operations.cancelOperation({ name: "operations/2" }))).toMatchObject({
        code: Code.FailedPrecondition,
        requestSent: false,
        operationName: "operations/2",
        status: { message: "the transport is closed; create another one" },
      });
      answer();
      await call;
      await closing;
      await transport.close();
    },
  );

  test("closes the socket before it resolves", async () => {
    const { peer } = await startSilentPeer((stream) => stream.close());
    const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
    await errorOf(createClient(Operations, transport).cancelOperation({ name }));
    const closed = new Promise((resolve) => peer.sessions[0]?.once("close", resolve));
    await transport.close();
    await closed;
  });

  test("of a transport that made no call does nothing", async () => {
    for (const connect of Object.values(transports)) await connect(1).close();
  });
});
