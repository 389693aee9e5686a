// SPDX-License-Identifier: Apache-2.0
import { create, toBinary } from "@bufbuild/protobuf";
import { ListOperationsRequestSchema } from "../../gen/google/longrunning/operations_pb.js";
import { matchesFilter } from "../../src/emulator/filter/filter.js";
import { parseFilter } from "../../src/emulator/filter/parser.js";
import { createByteCollector } from "../../src/emulator/server/byte-collector.js";
import { enveloped, whole } from "../../src/emulator/server/rpc/body.js";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { memoryIfKept, memoryOfPieces } from "../tiny-pieces.js";

/** One byte at a time, each in a read buffer of its own, as from a client that sends it so. */
async function* tinyPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const byte of bytes) {
    const readBuffer = new Uint8Array(8 * 1024);
    readBuffer[0] = byte;
    yield readBuffer.subarray(0, 1);
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** The memory that stays with some pieces: of each buffer the whole, however little of it is used. */
const keptBytes = (pieces: readonly Uint8Array[]) =>
  [...new Set(pieces.map(({ buffer }) => buffer))].reduce((sum, buffer) => sum + buffer.byteLength, 0);

const frame = (length: number) =>
  Uint8Array.from([0, 0, 0, length >> 8, length & 0xff, ...new Array(length)]);

test("a body in tiny pieces takes memory by its bytes, not by the buffers that it was read into", () => {
  const body = createByteCollector();
  for (let n = 0; n < 10_000; n++) {
    const readBuffer = new Uint8Array(1_024);
    readBuffer[0] = n % 256;
    body.add(readBuffer.subarray(0, 1));
  }
  expect(body.size()).toBe(10_000);
  expect(keptBytes([body.bytes()])).toBeLessThan(40_000);
  expect([body.bytes()[0], body.bytes()[255], body.bytes()[256]]).toEqual([0, 255, 0]);
});

test("what the pieces of a body were read into is let go of while they come", () => {
  const body = createByteCollector();
  expect(memoryOfPieces(60_000, (piece) => body.add(piece))).toBeLessThan(memoryIfKept(60_000) / 2);
  expect(body.bytes()).toHaveLength(60_000);
});

test.each([0, 1, 700, 4_000])(
  "an RPC's message of %i bytes in tiny pieces comes whole and small",
  async (length) => {
    const bytes = Uint8Array.from([...frame(length), ...frame(3)]);
    const options = { maxBytes: 5_000, onBytes: () => undefined };
    const pieces = await collect(enveloped(tinyPieces(bytes), options));
    expect(pieces.map((piece) => piece.length)).toEqual([length + 5, 8]);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes));
    expect(keptBytes(pieces)).toBeLessThan(20_000);
    const [all] = await collect(whole(tinyPieces(bytes.subarray(0, 50)), options));
    expect(all).toEqual(bytes.subarray(0, 50));
  },
);

test("what is too large passes as it comes, for the protocol to reject", async () => {
  let seen = 0;
  const options = {
    maxBytes: 100,
    onBytes: (count: number) => {
      seen += count;
    },
  };
  const bytes = frame(1_000);
  expect(Buffer.concat(await collect(enveloped(tinyPieces(bytes), options)))).toEqual(Buffer.from(bytes));
  expect(Buffer.concat(await collect(whole(tinyPieces(bytes), options)))).toEqual(Buffer.from(bytes));
  expect(seen).toBe(2_010);
  expect(Buffer.concat(await collect(enveloped(tinyPieces(bytes.subarray(0, 3)), options)))).toEqual(
    Buffer.from(bytes.subarray(0, 3)),
  );
});

test("the record is bounded in bytes, over every protocol", async () => {
  await using emulator = await startEmulator({ maxRecordBytes: 10_000 });
  const filter = `"${"x".repeat(3_000)}"`;
  const url = `${emulator.baseUrl}/v1/operations?filter=${filter}`;
  for (let n = 0; n < 6; n++) await fetch(url);
  expect(emulator.calls.length).toBe(3);
  const message = toBinary(ListOperationsRequestSchema, create(ListOperationsRequestSchema, { filter }));
  for (let n = 0; n < 6; n++) {
    await fetch(`${emulator.baseUrl}/google.longrunning.Operations/ListOperations`, {
      method: "POST",
      headers: { "content-type": "application/proto", "connect-protocol-version": "1" },
      body: Buffer.from(message),
    });
  }
  expect(emulator.calls.length).toBeLessThanOrEqual(3);
  expect(emulator.calls.at(-1)).toMatchObject({ protocol: "connect", sequence: 12 });
});

const HUGE = 200_000;

/** Close to the maximum length of a filter. */
const LONG = 4_000;

test.each([
  [`${"_".repeat(LONG)} = 1`, false],
  [`name = "${"*".repeat(LONG)}"`, false],
  [`name = "*${"a".repeat(LONG)}*"`, false],
  [`name : "${"a*".repeat(LONG / 2)}"`, false],
  ['name = "a*"', true],
  ['name = "*b"', true],
  ['name = "*a_b*"', true],
  ['name = "*"', true],
  ["deep_field.x__y = 1", true],
])("the filter %.30s is met or not, at once: %p", (filter, expected) => {
  const resource = { name: "a_b", deepField: { xY: 1 } };
  const condition = parseFilter(filter);
  expect(condition !== undefined && matchesFilter(condition, resource)).toBe(expected);
});

test("an error does not repeat a name that is very long", async () => {
  await using emulator = await startEmulator({ clock: createFakeClock() });
  expect(() => emulator.operations.get("operations/".padEnd(HUGE, "x"))).toThrow(/^.{0,300}$/);
});
