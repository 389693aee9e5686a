// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { systemClock } from "../../src/time/clock.js";
import { createConnection } from "../../src/transport/grpc/http2/connection.js";
import {
  createKeepalive,
  type KeepaliveSettings,
  type Probed,
} from "../../src/transport/grpc/http2/liveness.js";
import { FRAME } from "../http2-frames.js";
import { answerEmpty, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest } from "./grpc-peers.js";
import { closeAfterTest } from "./raw-server.js";

describe("createKeepalive", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** As much of a session as PINGs need; `answer` answers the last one. */
  function createFakeSession() {
    const pings: ((error: Error | null) => void)[] = [];
    const destroyedBy: unknown[] = [];
    const session: Probed = {
      receivedAtMs: systemClock.now(),
      isGone: () => destroyedBy.length > 0,
      ping: (onReturn) => pings.push(onReturn),
      destroy: (error) => destroyedBy.push(error),
    };
    return {
      session,
      pings,
      destroyedBy,
      answer: () => pings.at(-1)?.(null),
    };
  }

  const settings = (changes: Partial<KeepaliveSettings> = {}) => ({
    intervalMs: 1_000,
    timeoutMs: 200,
    whenIdle: false,
    ...changes,
  });

  test("asks after the interval, and again an interval after each response", () => {
    const { session, pings, destroyedBy, answer } = createFakeSession();
    createKeepalive(session, settings()).busy(true);
    jest.advanceTimersByTime(999);
    expect(pings).toHaveLength(0);
    jest.advanceTimersByTime(1);
    expect(pings).toHaveLength(1);
    answer();
    jest.advanceTimersByTime(1_000);
    expect(pings).toHaveLength(2);
    expect(destroyedBy).toEqual([]);
  });

  test("does not ask while bytes come", () => {
    const { session, pings } = createFakeSession();
    createKeepalive(session, settings()).busy(true);
    for (let passedMs = 0; passedMs < 10_000; passedMs += 500) {
      jest.advanceTimersByTime(500);
      session.receivedAtMs = systemClock.now();
    }
    expect(pings).toHaveLength(0);
    jest.advanceTimersByTime(1_000);
    expect(pings).toHaveLength(1);
  });

  test("destroys the session when no response comes in time", () => {
    const { session, destroyedBy } = createFakeSession();
    createKeepalive(session, settings()).busy(true);
    jest.advanceTimersByTime(1_199);
    expect(destroyedBy).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(destroyedBy).toEqual([new Error("no response to a PING within 200 ms")]);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])("without calls, whenIdle: %s", (whenIdle, count) => {
    const { session, pings } = createFakeSession();
    const keepalive = createKeepalive(session, settings({ whenIdle }));
    keepalive.busy(true);
    keepalive.busy(false);
    jest.advanceTimersByTime(1_000);
    expect(pings).toHaveLength(count);
  });

  test("sends nothing and holds no timer without an interval, or once it is stopped", () => {
    const { session, pings } = createFakeSession();
    createKeepalive(session, settings({ intervalMs: Number.POSITIVE_INFINITY })).busy(true);
    const stopped = createKeepalive(session, settings());
    stopped.busy(true);
    stopped.stop();
    expect(jest.getTimerCount()).toBe(0);
    expect(pings).toHaveLength(0);
  });
});

test("asks half as often on the next connection when the server finds the PINGs too many", async () => {
  const peer = await startFramePeer((wire, { stream }) => wire.goaway(stream, 11, "too_many_pings"));
  const socket = connectTcp(peer.port, "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const session = connectHttp2(peer.baseUrl, { createConnection: () => socket });
  const keepalive = { intervalMs: 1_000, timeoutMs: 200, whenIdle: false };
  const connection = createConnection(session, socket, {
    authority: "peer",
    keepalive,
    idleTimeoutMs: 1_000,
    onChange: () => {},
  });
  closeAfterTest(() => connection.close());
  const { stream } = connection.open({ ":method": "POST", ":path": "/" });
  stream.on("error", () => undefined);
  stream.end();
  await new Promise((resolve) => stream.once("close", resolve));
  expect(keepalive.intervalMs).toBe(2_000);
  expect(connection.isUsable()).toBe(false);
  expect(connection.goawayReason()).toBe('GOAWAY ENHANCE_YOUR_CALM ("too_many_pings")');
});

test("a call that takes long is kept up by PINGs", async () => {
  let pings = 0;
  const peer = await startFramePeer((wire, { stream }) => {
    const onData = () => {
      pings = (peer.received[0] ?? []).filter(({ type }) => type === FRAME.ping).length;
      if (pings < 3) return;
      wire.socket.off("data", onData);
      answerEmpty(wire, stream);
    };
    wire.socket.on("data", onData);
  });
  const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl, pingIntervalMs: 20 }));
  await createClient(Operations, transport).cancelOperation({ name: "operations/1" });
  expect(pings).toBeGreaterThanOrEqual(3);
});

test("a connection that the server closes between two calls is replaced, with PINGs or without", async () => {
  for (const pingIntervalMs of [undefined, 1]) {
    const gone: Promise<unknown>[] = [];
    const peer = await startFramePeer((wire, { connection, stream }) => {
      answerEmpty(wire, stream);
      if (connection > 0) return;
      gone.push(new Promise((resolve) => wire.socket.once("close", resolve)));
      setImmediate(() => wire.socket.end());
    });
    const transport = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl, pingIntervalMs }));
    const operations = createClient(Operations, transport);
    await operations.cancelOperation({ name: "operations/1" });
    await gone[0];
    await operations.cancelOperation({ name: "operations/2" });
    expect(peer.received).toHaveLength(2);
  }
});
