// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createByteBuffer } from "../../src/json/stream/byte-buffer.js";
import { memoryIfKept, memoryOfPieces } from "../tiny-pieces.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport } from "./rest-fixture.js";

const name = "operations/1";
const MIB = 1024 * 1024;

test("pieces of a byte are kept as bytes, not as the buffers that they were read into", () => {
  const body = createByteBuffer();
  const buffers = new Set<ArrayBufferLike>();
  for (let at = 0; at < 1_000; at++) {
    const read = new Uint8Array(64 * 1024).fill(at);
    body.add(read.subarray(at, at + 1));
  }
  const content = body.take();
  buffers.add(content.buffer);
  expect(content.byteLength).toBe(1_000);
  expect(content.buffer.byteLength).toBeLessThanOrEqual(2_048);
  expect([content[0], content[255], content[999]]).toEqual([0, 255, 999 % 256]);
  expect(body.size).toBe(0);
});

test("what pieces were read into is let go of while they come", () => {
  const body = createByteBuffer();
  expect(memoryOfPieces(60_000, body.add)).toBeLessThan(memoryIfKept(60_000) / 2);
  expect(body.take()).toHaveLength(60_000);
});

test("pieces without end are cut at the limit", async () => {
  const server = await startRawServer((socket) => sendPieces(socket, Number.POSITIVE_INFINITY));
  const transport = createTestTransport({ baseUrl: server.baseUrl, maxResponseBytes: 100_000 });
  const error = await callErrorOf(createClient(Operations, transport).getOperation({ name }));
  expect(error.code).toBe(Code.ResourceExhausted);
  await server.closed(1);
});

test.each<[string, Uint8Array, object]>([
  ["white space", Buffer.alloc(300_000, " "), {}],
  ["gzip", gzipSync(randomBytes(300_000)), { "content-encoding": "gzip" }],
])("more than a quarter of a million pieces of %s are an error", async (_what, body, headers) => {
  const chunks = Buffer.alloc(6 * body.length, "1\r\nx\r\n");
  for (const [at, byte] of body.entries()) chunks[6 * at + 3] = byte;
  const lines = Object.entries({ ...headers, "transfer-encoding": "chunked" }).map((pair) => pair.join(": "));
  const server = await startRawServer((socket) => {
    socket.write(`HTTP/1.1 200 x\r\n${lines.join("\r\n")}\r\n\r\n`);
    socket.write(chunks);
  });
  const transport = createTestTransport({ baseUrl: server.baseUrl });
  const error = await callErrorOf(createClient(Operations, transport).getOperation({ name }));
  expect(error).toMatchObject({ code: Code.ResourceExhausted, reason: "response-too-large" });
  expect(error.message).toContain("in more than 250000 pieces");
  await server.closed(1);
});

/** An operation in chunks of one byte each, padded with white space. */
function sendPieces(socket: Socket, count: number): void {
  socket.write(`HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n18\r\n{"name":"operations/1"}\n\r\n`);
  const piece = Buffer.from("1\r\n \r\n".repeat(1_000));
  let sent = 0;
  const more = () => {
    while (sent < count && socket.writable) {
      sent += 1_000;
      if (!socket.write(piece)) return;
    }
    if (sent >= count) socket.write("0\r\n\r\n");
  };
  socket.on("drain", more);
  more();
}

test.each<[string, string]>([
  ["arrays", `{"name":"operations/1","x":${"[".repeat(2_000_000)}`],
  ["objects", `{"name":"operations/1","metadata":${'{"a":'.repeat(500_000)}`],
  ["closed arrays", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
])("a response of nested %s is an error", async (_what, body) => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, body)));
  const transport = createTestTransport({ baseUrl: server.baseUrl });
  const error = await callErrorOf(createClient(Operations, transport).getOperation({ name }));
  expect(error).toMatchObject({ code: Code.ResourceExhausted, requestSent: true });
  expect(error.message).toContain("nested deeper than 512 levels");
});

test("a larger response than 8 MiB is rejected by default", async () => {
  const body = `{"name":"operations/1"${" ".repeat(8 * MIB)}}`;
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, body)));
  const small = createTestTransport({ baseUrl: server.baseUrl });
  const error = await callErrorOf(createClient(Operations, small).getOperation({ name }));
  expect(error).toMatchObject({ code: Code.ResourceExhausted });
  const large = createTestTransport({ baseUrl: server.baseUrl, maxResponseBytes: 9 * MIB });
  expect(await createClient(Operations, large).getOperation({ name })).toMatchObject({ name });
});
