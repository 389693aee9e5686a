// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { isPlainJson } from "../../src/json/plain-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { propertyRuns } from "../property-runs.js";
import { canonical, vaultJson } from "./json-arbitrary.js";
import { vaultType, vaultTypes } from "./vault-schema.js";

const Vault = vaultType("Vault");
const types = createRegistry(standardRegistry(), vaultTypes);

/** JSON of a vault, and objects with its keys and values that may not fit them. */
const json = fc.oneof(
  vaultJson,
  fc.dictionary(
    fc.constantFrom(...Vault.fields.flatMap(({ name, jsonName }) => [name, jsonName]), "__proto__", "no"),
    fc.oneof(vaultJson, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>),
    { maxKeys: 3, noNullPrototype: true },
  ) as fc.Arbitrary<JsonObject>,
);

function outcomeOf(value: JsonObject): string {
  try {
    const message = decodeJson(Vault, value, { registry: types });
    return canonical(encodeJson(Vault, message, { registry: types }));
  } catch {
    return "not a vault";
  }
}

test("plain JSON decodes as it does beside a null, which is read field by field", () => {
  let plain = 0;
  fc.assert(
    fc.property(json, (value) => {
      if (isPlainJson(value)) plain += 1;
      const careful = { ...value, unknownToTheType: null };
      expect(isPlainJson(careful)).toBe(false);
      expect(outcomeOf(value)).toBe(outcomeOf(careful));
    }),
    { numRuns: propertyRuns(2_000) },
  );
  expect(plain).toBeGreaterThan(0);
});

test.each<[string, JsonValue, boolean]>([
  ["scalars", "text", true],
  ["lists and objects", { a: [1, { b: [true, ""] }] }, true],
  ["null in a list", { a: [1, null] }, false],
  ["null in an object", { a: { b: null } }, false],
  ["an Any's type", { a: [{ "@type": "x" }] }, false],
  ["an own __proto__ with a null", JSON.parse('{"__proto__":{"a":null}}'), false],
])("%s", (_, value, expected) => {
  expect(isPlainJson(value)).toBe(expected);
});

test("what is nested deeply is left to the way that has a limit", () => {
  let deep: JsonValue = {};
  for (let depth = 0; depth < 100_000; depth++) deep = { inner: deep };
  expect(isPlainJson(deep)).toBe(false);
  expect(() => decodeJson(Vault, deep, { registry: types })).toThrow("nested deeper than 100");
});
