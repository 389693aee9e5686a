// SPDX-License-Identifier: Apache-2.0

import { create, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { anyText } from "../any-text.js";

/** Any JSON at all, in an object: what a type that we do not know may look like. */
const anything = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "value", "error", "typeUrl")),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
  { maxKeys: 3, noNullPrototype: true },
);

/** Before 2.16, protobuf-es loses what has the key `__proto__` (docs/upstream.md). */
export const keepsEveryKey = Object.getPrototypeOf(create(StructSchema).fields) === null;
const struct = keepsEveryKey
  ? anything
  : anything.filter((json) => !JSON.stringify(json).includes('"__proto__":'));

const unknownAny = fc
  .tuple(fc.constantFrom("type.googleapis.com/no.such.Type", "example.com/a/no.Such", "Bare"), anything)
  .map(([type, rest]): JsonObject => ({ ...rest, "@type": type }));

const text = anyText({ minLength: 1, maxLength: 4 });

function some<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(value, { minLength: 1, maxLength: 2 });
}

/**
 * Canonical ProtoJSON (defaults left out) of a `vault.Vault` with a few fields, so many messages deep at
 * most.
 */
function vaultOf(depth: number): fc.Arbitrary<JsonObject> {
  const size = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);
  const leaves = [
    fc.record({ label: text, color: fc.constantFrom("RED", 7) }),
    fc.record({ size, notes: struct }),
    fc.constantFrom<JsonObject>(
      { chosenValue: null },
      { chosenNull: null },
      { chosenColor: "NONE" },
      { chosenText: "" },
    ),
  ];
  if (depth === 0) {
    return fc.oneof(...leaves);
  }
  const any = anyOf(depth - 1);
  const vault = vaultOf(depth - 1);
  const map = { minKeys: 1, maxKeys: 2, noNullPrototype: true };
  const fields = fc.oneof(
    ...leaves,
    fc.record({ one: any }),
    fc.record({ manyThings: some(any) }),
    fc.record({ byName: fc.dictionary(text, any, map) }),
    fc.record({ byNumber: fc.dictionary(size, any, map) }),
    fc.record({ inner: vault }),
    fc.record({ vaults: some(vault) }),
    fc.record({ chosenAny: any }),
    fc.record({ chosenVault: vault }),
  );
  return fc.tuple(fields, fields).map(([one, other]) => {
    // Two members of the oneof would not be canonical.
    const clash = Object.keys({ ...one, ...other }).filter((key) => key.startsWith("chosen")).length > 1;
    return clash ? one : { ...one, ...other };
  });
}

/** Canonical ProtoJSON of a google.protobuf.Any: empty, of a known type, or of one that nobody knows. */
function anyOf(depth: number): fc.Arbitrary<JsonObject> {
  const leaves = [
    unknownAny,
    fc.constantFrom<JsonObject>(
      {},
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", metadata: { a: "b" } },
      { "@type": "type.googleapis.com/google.protobuf.Timestamp", value: "2026-01-02T03:04:05.600Z" },
      { "@type": "type.googleapis.com/vault.Plain", size: "not a number" }, // known, and wrong
    ),
  ];
  if (depth === 0) {
    return fc.oneof(...leaves);
  }
  return fc.oneof(
    ...leaves,
    vaultOf(depth - 1).map((fields) => ({ "@type": "type.googleapis.com/vault.Vault", ...fields })),
    anyOf(depth - 1).map((value) => ({ "@type": "type.googleapis.com/google.protobuf.Any", value })),
  );
}

export const vaultJson = vaultOf(2);

const any = anyOf(3);

/** Canonical ProtoJSON of a google.longrunning.Operation in any state. */
export const operationJson = fc
  .tuple(
    fc.record({ name: text, metadata: any }, { requiredKeys: [], noNullPrototype: true }),
    fc.oneof(
      fc.constant({}),
      fc.constant({ done: true }),
      any.map((response) => ({ done: true, response })),
      fc
        .record({ code: fc.integer({ min: 1, max: 16 }), message: text, details: some(any) })
        .map((error) => ({ done: true, error })),
    ),
  )
  .map(([fields, result]) => ({ ...fields, ...result }) as JsonObject);

/** JSON as text with its keys in order: equal texts are equal JSON, `__proto__` keys included. */
export function canonical(json: JsonValue): string {
  if (Array.isArray(json)) {
    return `[${json.map(canonical).join()}]`;
  }
  if (typeof json !== "object" || json === null) {
    return JSON.stringify(json);
  }
  const keys = Object.keys(json).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(json[key] ?? null)}`).join()}}`;
}
