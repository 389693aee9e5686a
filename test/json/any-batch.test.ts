// SPDX-License-Identifier: Apache-2.0

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ListOperationsResponseSchema } from "../../gen/google/longrunning/operations_pb.js";
import { valuesOfJson } from "../../src/json/any-batch.js";
import { jsonOfValue, valueOfJson } from "../../src/json/any-value.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { propertyRuns } from "../property-runs.js";

const registry = standardRegistry();

/** JSON whose text may hold what the batch cuts at. */
const json = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("__proto__", "a},0,{b", "@type")),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
    fc.constantFrom<JsonValue>(
      [{}, 0, {}],
      { a: { b: [{ c: 1 }, 0] } },
      "},0",
      "é",
      "\ud800",
      "x".repeat(1_500),
    ),
  ),
  { maxKeys: 3, noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

const withoutNegativeZero = json.filter(
  (value) => !JSON.stringify(value).includes("0") || !hasNegativeZero(value),
);

function hasNegativeZero(value: JsonValue): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).some(hasNegativeZero)
    : Object.is(value, -0);
}

test("several values are what each of them would be alone", () => {
  fc.assert(
    fc.property(fc.array(withoutNegativeZero, { minLength: 1, maxLength: 9 }), (jsons) => {
      const values = valuesOfJson(jsons);
      expect(values).toEqual(jsons.map((value) => valueOfJson(value)));
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("small values share a buffer", () => {
  const [first, second] = valuesOfJson([{ a: 1 }, { b: 2 }]);
  expect(second?.buffer).toBe(first?.buffer);
});

test.each<[string, JsonObject[]]>([
  ["the end of one inside of another", [{ a: [{}, 0, {}] }, { b: 1 }]],
  ["it inside of each", [{ a: [{}, 0] }, { b: [{}, 0] }]],
  ["it in a text", [{ a: "},0,{" }, { b: "},0" }]],
  ["text beyond ASCII", [{ a: "é" }, { b: "\u{1f600}" }]],
  ["empty objects", [{}, {}, {}]],
])("%s is no end", (_, jsons) => {
  expect(valuesOfJson(jsons).map(jsonOfValue)).toEqual(jsons);
});

test.each([
  ["small", 10, 2_048],
  ["large", 1_000, 1_100],
])("%s Anys of a page keep little memory but their own alive", (_, length, maxBytes) => {
  const metadata = { "@type": "x.dev/a.B", text: "x".repeat(length) };
  const page = {
    operations: Array.from({ length: 30 }, (_, index) => ({ name: `operations/${index}`, metadata })),
  };
  const { operations } = decodeJson(ListOperationsResponseSchema, page, { registry });
  const values = operations.map((operation) => operation.metadata?.value ?? new Uint8Array());
  expect(Math.max(...values.map(({ buffer }) => buffer.byteLength))).toBeLessThanOrEqual(maxBytes);
  expect(values.map((value) => jsonOfValue(value))).toEqual(values.map(() => metadata));
});

test("a page of Anys with -0, text beyond ASCII and an Any of a known type between them goes back to equal JSON", () => {
  const known = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R" };
  const metadatas = [{ n: -0 }, { n: 0 }, { text: "é" }, known, { n: 1 }].map((fields) => ({
    "@type": "x.dev/a.B",
    ...fields,
  }));
  const page = { operations: metadatas.map((metadata) => ({ metadata })) };
  expect(
    encodeJson(ListOperationsResponseSchema, decodeJson(ListOperationsResponseSchema, page, { registry }), {
      registry,
    }),
  ).toEqual(page);
});

test.each([
  ["text", "x".repeat(10_000)],
  ["-0", [-0, "x".repeat(10_000)]],
])(
  "Anys of known types within each other, none of which fits its type, are written as JSON once, not at each level: %s",
  (_, content) => {
    let metadata: JsonObject = { "@type": "x.dev/a.B", content };
    for (let level = 0; level < 40; level += 1) {
      metadata = { "@type": "type.googleapis.com/google.rpc.Status", details: [metadata], code: "no number" };
    }
    const page = { operations: [{ metadata: { "@type": "x.dev/a.B" } }, { metadata }] };
    const length = JSON.stringify(page).length;
    const stringify = jest.spyOn(JSON, "stringify");
    const message = decodeJson(ListOperationsResponseSchema, page, { registry });
    const written = stringify.mock.results.reduce((sum, { value }) => sum + String(value).length, 0);
    stringify.mockRestore();
    expect(written).toBeLessThan(3 * length);
    expect(encodeJson(ListOperationsResponseSchema, message, { registry })).toEqual(page);
  },
);
