// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createFrameReader } from "../../src/transport/grpc/http2/frame.js";
import { frame } from "../faults/wire.js";
import { FRAME } from "../http2-frames.js";
import { bundleProgram } from "./child-program.js";
import { answerEmpty, type FrameWriter, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf, startHttp2Peer } from "./grpc-peers.js";

// What a server can cost: memory, room that it withholds, and floods of frames.

const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;

/** A SETTINGS frame with one setting. RFC 9113, section 6.5. */
function setting(id: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id, 0);
  payload.writeUInt32BE(value, 2);
  return frame(FRAME.settings, 0, 0, payload);
}

describe("a server that takes no calls (SETTINGS_MAX_CONCURRENT_STREAMS is 0)", () => {
  /** It answers its first call, and then says that it takes no more. */
  const startFullPeer = () =>
    startHttp2Peer((stream) => {
      stream.resume();
      stream.session?.settings({ maxConcurrentStreams: 0 });
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });

  test("calls end by their deadline, not sent; close() resolves", async () => {
    const peer = await startFullPeer();
    const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
    const operations = createClient(Operations, transport);
    await operations.cancelOperation({ name: "operations/1" });
    const calls = [1, 2, 3].map((n) =>
      errorOf(operations.cancelOperation({ name: `operations/${n}` }, { timeoutMs: 100 })),
    );
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: Code.DeadlineExceeded, requestSent: false });
    }
    await transport.close();
  });

  test("an abort ends a call that waits, and close() then resolves", async () => {
    const peer = await startFullPeer();
    const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
    const operations = createClient(Operations, transport);
    await operations.cancelOperation({ name: "operations/1" });
    const controller = new AbortController();
    const call = errorOf(operations.cancelOperation({ name: "operations/2" }, { signal: controller.signal }));
    const closing = transport.close();
    controller.abort();
    expect(await call).toMatchObject({ reason: "aborted-by-caller", requestSent: false });
    await closing;
  });

  test("calls go on when it takes them again, and when its connection ends they go to the next one", async () => {
    for (const goOn of ["settings", "goaway"] as const) {
      const peer = await startFramePeer((wire, { connection, stream }) => {
        answerEmpty(wire, stream);
        if (connection > 0 || stream > 1) return;
        wire.socket.write(setting(MAX_CONCURRENT_STREAMS, 0));
        setImmediate(() => {
          if (goOn === "settings") wire.socket.write(setting(MAX_CONCURRENT_STREAMS, 5));
          else wire.goaway(stream, 0);
        });
      });
      const operations = createClient(
        Operations,
        closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl })),
      );
      for (const name of ["operations/1", "operations/2", "operations/3"])
        await operations.cancelOperation({ name });
    }
  });

  test("a program ends by itself after its calls were given up", async () => {
    const program = bundleProgram("test/transport/grpc-program.ts");
    const peer = await startFramePeer((wire, { stream }) => answerEmpty(wire, stream), {
      settings: setting(MAX_CONCURRENT_STREAMS, 0),
    });
    const { output, status } = await program.run(peer.baseUrl, "300");
    program.remove();
    expect({ output, status }).toEqual({
      output: expect.stringMatching(/google.protobuf.Empty|deadline/),
      status: 0,
    });
  });
});

test("a server that takes no request (its window is 0) keeps neither a call nor close()", async () => {
  const peer = await startFramePeer(() => undefined, { settings: setting(INITIAL_WINDOW_SIZE, 0) });
  const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
  const operations = createClient(Operations, transport);
  const large = { name: "operations", filter: "x".repeat(300_000) };
  const calls = [1, 2, 3].map(() => errorOf(operations.listOperations(large, { timeoutMs: 200 })));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: Code.DeadlineExceeded });
  await transport.close();
});

test("a server that leaves its end of the connection open after GOAWAY does not keep close()", async () => {
  const peer = await startFramePeer((wire, { stream }) => {
    wire.socket.removeAllListeners("end");
    answerEmpty(wire, stream);
    wire.goaway(stream, 0);
  });
  const transport = createGrpcTransport({ baseUrl: peer.baseUrl });
  await createClient(Operations, transport).cancelOperation({ name: "operations/1" });
  await transport.close();
});

describe("a message in tiny pieces", () => {
  test("takes no more memory than the message, whatever the pieces hold on to", () => {
    const MESSAGE_BYTES = 200_000;
    const PIECE_BUFFER_BYTES = 16 * 1024;
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(MESSAGE_BYTES, 1);
    const reader = createFrameReader(MESSAGE_BYTES);
    reader.push(prefix);
    const before = process.memoryUsage().arrayBuffers;
    let highest = 0;
    for (let at = 0; at < MESSAGE_BYTES - 1; at++) {
      // Each piece is the view of a buffer of its own, as each read of a socket makes one.
      reader.push(new Uint8Array(PIECE_BUFFER_BYTES).subarray(0, 1));
      if (at % 10_000 === 0) {
        globalThis.gc?.();
        highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
      }
    }
    expect(reader.pendingBytes()).toBe(5 + MESSAGE_BYTES - 1);
    const [message] = reader.push(Uint8Array.of(1));
    expect(message?.bytes).toHaveLength(MESSAGE_BYTES);
    // Without copies, 200,000 buffers of 16 KiB would be alive here: 3.2 GB.
    expect(highest).toBeLessThan(1024 * 1024 * 1024);
  });

  test("a promise of 64 MiB takes no memory before they come", () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 100 }, () => {
      const reader = createFrameReader(64 * 1024 * 1024);
      reader.push(Uint8Array.of(0, 4, 0, 0, 0, 1));
      return reader;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
    expect(readers.map(({ pendingBytes }) => pendingBytes())).toEqual(Array(100).fill(6));
  });
});

/** Floods that a server may send in place of a response. */
const floods: Readonly<Record<string, (stream: number) => Buffer>> = {
  PING: () => frame(FRAME.ping, 0, 0, Buffer.alloc(8)),
  SETTINGS: () => setting(INITIAL_WINDOW_SIZE, 65_535),
  "WINDOW_UPDATE of nothing": () => frame(8, 0, 0, Buffer.from([0, 0, 0, 0])),
  "empty DATA": (stream) => frame(FRAME.data, 0, stream, Buffer.alloc(0)),
  "unknown frames": () => frame(0xfe, 0, 0, Buffer.alloc(16)),
  "informational headers": (stream) => frame(FRAME.headers, 4, stream, Buffer.from([8, 3, 0x31, 0x30, 0x33])),
  PRIORITY: (stream) => frame(2, 0, stream, Buffer.from([0, 0, 0, 0, 1])),
};

test.each(Object.entries(floods))(
  "a flood of %s ends with the call, at its deadline at the latest, and the next call works",
  async (_title, one) => {
    const flood = (wire: FrameWriter, stream: number) => {
      const many = Buffer.concat(Array.from({ length: 100 }, () => one(stream)));
      const more = () => {
        if (wire.socket.destroyed) return;
        wire.socket.write(many);
        setImmediate(more);
      };
      more();
    };
    let calls = 0;
    const peer = await startFramePeer((wire, { connection, stream }) => {
      calls += 1;
      if (connection === 0) flood(wire, stream);
      else answerEmpty(wire, stream);
    });
    const first = createGrpcTransport({ baseUrl: peer.baseUrl });
    const error = await errorOf(
      createClient(Operations, first).cancelOperation({ name: "operations/1" }, { timeoutMs: 300 }),
    );
    expect(error).toHaveProperty("reason");
    await first.close();
    const second = closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl }));
    await createClient(Operations, second).cancelOperation({ name: "operations/1" }, { timeoutMs: 10_000 });
    expect(calls).toBe(2);
  },
);

test("huge trailers are an error of this side", async () => {
  const peer = await startHttp2Peer((stream) => {
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    const huge = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`x-${n}`, "y"]));
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", ...huge }));
    stream.end(Buffer.alloc(5));
  });
  const operations = createClient(
    Operations,
    closedAfterTest(createGrpcTransport({ baseUrl: peer.baseUrl })),
  );
  expect(await errorOf(operations.cancelOperation({ name: "operations/1" }))).toMatchObject({
    code: Code.ResourceExhausted,
  });
});
