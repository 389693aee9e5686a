// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { createFrameReader, type Frame, messageOf, toFrame } from "../../src/transport/grpc/http2/frame.js";
import { propertyRuns } from "../property-runs.js";

const LIMIT = 1_000;

test("frames a message with a flag of 0 and its length, big-endian", () => {
  expect([...toFrame(new Uint8Array(0))]).toEqual([0, 0, 0, 0, 0]);
  expect([...toFrame(Uint8Array.of(7, 8))]).toEqual([0, 0, 0, 0, 2, 7, 8]);
  expect([...toFrame(new Uint8Array(0x010203)).subarray(0, 5)]).toEqual([0, 0, 1, 2, 3]);
});

test("reads the same messages however the bytes were cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(messages, fc.array(fc.nat({ max: 250 })), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(toFrame));
      const reader = createFrameReader(LIMIT);
      const read: Frame[] = [];
      for (const chunk of chunksOf(bytes, cuts)) read.push(...reader.push(chunk));
      expect(read).toEqual(sent.map((message) => ({ compressed: false, bytes: message })));
      expect(reader.pendingBytes()).toBe(0);
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("counts what is left of a message that does not end", () => {
  const reader = createFrameReader(LIMIT);
  expect(reader.push(Buffer.from([0, 0, 0]))).toEqual([]);
  expect(reader.pendingBytes()).toBe(3);
  expect(reader.push(Buffer.from([0, 2, 9]))).toEqual([]);
  expect(reader.pendingBytes()).toBe(6);
});

test("gives messages that do not share memory with what was read", () => {
  const chunk = toFrame(Uint8Array.of(1, 2, 3));
  const [frame] = createFrameReader(LIMIT).push(chunk);
  chunk.fill(0);
  expect(frame?.bytes).toEqual(Uint8Array.of(1, 2, 3));
  expect(frame?.bytes.buffer.byteLength).toBe(3);
});

test("rejects a message above the limit as soon as its length is known", () => {
  const reader = createFrameReader(LIMIT);
  expect(() => reader.push(Buffer.from([0, 0, 0, 3, 233]))).toThrow(
    expect.objectContaining({
      code: Code.ResourceExhausted,
      rawMessage: "the response's message has 1001 bytes, more than maxResponseBytes (1000)",
    }),
  );
  expect(createFrameReader(LIMIT).push(toFrame(new Uint8Array(LIMIT)))).toHaveLength(1);
});

test("rejects a message in more than a quarter of a million pieces, and takes any number of messages", () => {
  const bytes = toFrame(new Uint8Array(300_000));
  const reader = createFrameReader(bytes.length);
  const pushAll = () => {
    for (let at = 0; at < bytes.length; at++) reader.push(bytes.subarray(at, at + 1));
  };
  expect(pushAll).toThrow(
    expect.objectContaining({ code: Code.ResourceExhausted, reason: "response-too-large" }),
  );
  const messages = createFrameReader(LIMIT);
  const empty = toFrame(new Uint8Array());
  let received = 0;
  for (let sent = 0; sent < 300_000; sent++) received += messages.push(empty).length;
  expect(received).toBe(300_000);
});

test("rejects flags that gRPC does not define: the bytes are not gRPC", () => {
  expect(() => createFrameReader(LIMIT).push(Buffer.from("<html>"))).toThrow(
    expect.objectContaining({
      code: Code.Internal,
      rawMessage: "the response is not framed as gRPC: a message has flags 0x3c; expected 0 or 1",
    }),
  );
});

describe("a compressed message", () => {
  const text = Buffer.from("a text that is long enough".repeat(10));
  const frame = { compressed: true, bytes: gzipSync(text) };

  test("is decompressed when gzip is declared", async () => {
    expect(await messageOf(frame, "gzip", LIMIT)).toEqual(new Uint8Array(text));
  });

  test.each([
    [
      undefined,
      "the response has a compressed message but declares no grpc-encoding; expected identity or gzip",
    ],
    [
      "identity",
      "the response has a compressed message but declares grpc-encoding identity; expected identity or gzip",
    ],
    ["br", "the response has a compressed message but declares grpc-encoding br; expected identity or gzip"],
  ])("is rejected when %s is declared", async (encoding, rawMessage) => {
    await expect(messageOf(frame, encoding, LIMIT)).rejects.toMatchObject({
      code: Code.Internal,
      rawMessage,
    });
  });

  test("is rejected when it is not valid", async () => {
    const garbage = { compressed: true, bytes: Uint8Array.of(1, 2, 3) };
    await expect(messageOf(garbage, "gzip", LIMIT)).rejects.toMatchObject({ code: Code.Internal });
    const cut = { compressed: true, bytes: gzipSync(text).subarray(0, -6) };
    await expect(messageOf(cut, "gzip", LIMIT)).rejects.toMatchObject({ code: Code.Internal });
  });

  test("is rejected when it decompresses to more than the limit", async () => {
    const bomb = { compressed: true, bytes: gzipSync(Buffer.alloc(LIMIT + 1)) };
    await expect(messageOf(bomb, "gzip", LIMIT)).rejects.toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: "the response's message decompresses to more than maxResponseBytes (1000)",
    });
  });

  test("may have no bytes where gzip is declared, and is an error where it is not", async () => {
    const empty = { compressed: true, bytes: new Uint8Array(0) };
    expect(await messageOf(empty, "gzip", LIMIT)).toHaveLength(0);
    for (const encoding of [undefined, "identity"]) {
      await expect(messageOf(empty, encoding, LIMIT)).rejects.toMatchObject({ code: Code.Internal });
    }
  });
});

function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.filter((cut) => cut <= bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
