// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { JsonLimitError } from "../../src/json/json-text.js";
import { createJsonSplitter } from "../../src/json/stream/json-splitter.js";
import { splitJsonStream, streamErrorOf, streamMessageOf } from "../../src/json/stream/json-stream.js";
import { propertyRuns } from "../property-runs.js";
import { canonical } from "./json-arbitrary.js";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function split(
  text: string | Uint8Array,
  sizes: readonly number[] = [1],
  limit = 1_000,
): Promise<JsonValue[]> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const values: JsonValue[] = [];
  for await (const value of splitJsonStream(cut(bytes, sizes), limit)) {
    values.push(value);
  }
  return values;
}

test.each<[string, string, JsonValue[]]>([
  ["an empty body", "", []],
  ["blanks", " \r\n\t", []],
  ["a byte order mark alone", "\ufeff", []],
  ["an empty array", "[]", []],
  ["an array over lines", '[{"a":1}\n,\r\n{"b":[2,"]"]}\n]\n', [{ a: 1 }, { b: [2, "]"] }]],
  ["an array behind a byte order mark", '\ufeff [{"a":1}]', [{ a: 1 }]],
  ["delimiters in strings", '[{"a":"}],[{\\"\\\\"},{"\\\\":"\\""}]', [{ a: '}],[{"\\' }, { "\\": '"' }]],
  ["text beyond ASCII", '[{"a":"ä€😀"}]', [{ a: "ä€😀" }]],
  ["numbers, words, strings and lists", '[1, -2.5e3,true ,null,"x",[[]]]', [1, -2500, true, null, "x", [[]]]],
  ["lines", '{"result":{"a":1}}\n{"result":{"a":2}}\n', [{ result: { a: 1 } }, { result: { a: 2 } }]],
  ["lines without an end", '{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
  ["lines with a word at the end", "1\ntrue", [1, true]],
])("splits %s", async (_, text, want) => {
  expect(await split(text, [1])).toEqual(want);
  expect(await split(text, [1_000])).toEqual(want);
});

test.each<[string, string, RegExp]>([
  ["an array without its end", '[{"a":1}', /truncated \(value 2\)/],
  ["an array cut after a comma", '[{"a":1},', /truncated/],
  ["an array cut inside of a value", '[{"a":1},{"b"', /truncated/],
  ["an opening bracket alone", "[", /truncated/],
  ["a line cut off", '{"a":1}\n{"b":', /truncated/],
  ["a string cut off", '"abc', /truncated/],
  ["a comma too many", '[{"a":1},]', /not JSON/],
  ["a comma missing", '[{"a":1}{"b":2}]', /not JSON \(value 2\)/],
  ["something behind the array", '[{"a":1}]x', /not JSON/],
  ["a page", "<html></html>", /not JSON/],
  ["an object written wrongly", '[{"a" 1}]', /not JSON/],
  ["brackets that do not match", "[{]", /not JSON/],
  ["a comma between lines", '{"a":1},{"b":2}', /not JSON/],
])("rejects %s", async (_, text, message) => {
  for (const sizes of [[1], [3], [1_000]]) {
    await expect(split(text, sizes)).rejects.toMatchObject({
      code: Code.Internal,
      rawMessage: expect.stringMatching(message),
    });
  }
});

test("rejects bytes that are not UTF-8, and half a byte order mark", async () => {
  await expect(split(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d))).rejects.toMatchObject({
    code: Code.Internal,
  });
  await expect(split(Uint8Array.of(0xef, 0xbb, 0x5b, 0x5d))).rejects.toMatchObject({ code: Code.Internal });
  await expect(split(Uint8Array.of(0xef))).rejects.toMatchObject({ code: Code.Internal });
});

test("shows nothing of the stream's content in its errors", async () => {
  const error = await split('[{"token":"secret" oops}]').catch((caught) => caught);
  expect(error.message).not.toContain("secret");
});

test("holds each value to the limit, and not the stream", async () => {
  const value = JSON.stringify({ a: "x".repeat(92) }); // 100 bytes
  const stream = `[${Array(20).fill(value).join(" , ")}]`;
  expect(await split(stream, [7], 100)).toHaveLength(20);
  for (const sizes of [[7], [5_000]]) {
    await expect(split(stream, sizes, 99)).rejects.toThrow(JsonLimitError);
  }
});

test("gives each value as soon as its last byte is there, also those before an error", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const seen: string[] = [];
  async function* chunks() {
    yield bytes('[{"a":1}');
    seen.push("after the first");
    yield bytes(',{"a":2}x');
  }
  const read = async () => {
    for await (const value of splitJsonStream(chunks(), 100)) {
      seen.push(JSON.stringify(value));
    }
  };
  await expect(read()).rejects.toMatchObject({ code: Code.Internal });
  expect(seen).toEqual(['{"a":1}', "after the first", '{"a":2}']);
});

test("closes the stream when its reader stops", async () => {
  let closed = false;
  async function* chunks() {
    try {
      yield new TextEncoder().encode("[1,2,3]");
    } finally {
      closed = true;
    }
  }
  for await (const _ of splitJsonStream(chunks(), 100)) {
    break;
  }
  expect(closed).toBe(true);
});

const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const blank = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 2 });

test("cutting an array anywhere gives the same values", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyJson), sizes, blank, async (values, cuts, space) => {
      const text = `${space}[${values.map((value) => space + JSON.stringify(value, null, space)).join(`${space},`)}${space}]`;
      expect(canonical(await split(text, cuts, 100_000))).toBe(canonical(JSON.parse(JSON.stringify(values))));
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

test("cutting lines anywhere gives the same values", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(fc.string(), anyJson)), sizes, async (values, cuts) => {
      const text = values.map((value) => JSON.stringify(value)).join("\n");
      expect(canonical(await split(text, cuts, 100_000))).toBe(canonical(JSON.parse(JSON.stringify(values))));
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

test("no bytes at all make it throw anything but its own errors", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc
      .string({ unit: fc.constantFrom("[", "]", "{", "}", '"', ",", "\\", "1", " ", ":") })
      .map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, sizes, async (body, cuts) => {
      const error = await split(body, cuts, 20).then(
        () => undefined,
        (caught) => (caught instanceof JsonLimitError ? "limit" : caught.code),
      );
      expect([undefined, Code.Internal, "limit"]).toContain(error);
    }),
    { numRuns: propertyRuns(5_000) },
  );
});

test.each<[JsonValue, DescMessage, boolean]>([
  [{ error: { code: 404, status: "NOT_FOUND", message: "m" } }, ErrorInfoSchema, true],
  [{ error: { status: "ABORTED" } }, ErrorInfoSchema, true],
  [{ error: { code: 5, message: "m", details: [] } }, ErrorInfoSchema, true], // grpc-gateway 2
  [{ error: { grpc_code: 5, http_code: 404, http_status: "Not Found" } }, ErrorInfoSchema, true], // grpc-gateway 1
  [{ error: { code: 404 } }, OperationSchema, false], // a field of the message
  [{ error: { code: 404 }, more: 1 }, ErrorInfoSchema, false],
  [{ error: { code: 0, status: "OK" } }, ErrorInfoSchema, false],
  [{ error: { code: 200 } }, ErrorInfoSchema, false],
  [{ error: { code: 404.5 } }, ErrorInfoSchema, false],
  [{ error: { status: "NEW_CODE" } }, ErrorInfoSchema, false],
  [{ error: "text" }, ErrorInfoSchema, false],
  [{ reason: "R" }, ErrorInfoSchema, false],
  [[], ErrorInfoSchema, false],
  [null, ErrorInfoSchema, false],
])("in %j of %s there is an error: %j", (element, output, isError) => {
  const error = streamErrorOf(element, output);
  expect(error).toEqual(isError ? (element as { error: JsonValue }).error : undefined);
});

test("takes a message out of the envelope of grpc-gateway, and leaves every other one alone", () => {
  expect(streamMessageOf({ result: { reason: "R" } }, ErrorInfoSchema)).toEqual({ reason: "R" });
  expect(streamMessageOf({ result: {}, more: 1 }, ErrorInfoSchema)).toEqual({ result: {}, more: 1 });
  expect(streamMessageOf({ reason: "R" }, ErrorInfoSchema)).toEqual({ reason: "R" });
});

test("an element that is nested too deep is rejected before it is parsed", () => {
  const splitter = createJsonSplitter(10_000_000);
  const text = new TextEncoder().encode(`[${"[".repeat(600)}${"]".repeat(600)}]`);
  expect(() => [...splitter.push(text)]).toThrow("nested deeper than 512 levels");
});
