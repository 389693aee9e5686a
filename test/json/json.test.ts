// SPDX-License-Identifier: Apache-2.0

import {
  clone,
  create,
  createRegistry,
  fromBinary,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import * as wkt from "@bufbuild/protobuf/wkt";
import { type Any, anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { ListOperationsResponseSchema, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { propertyRuns } from "../property-runs.js";
import { canonical, operationJson, vaultJson } from "./json-arbitrary.js";
import { vaultType, vaultTypes } from "./vault-schema.js";

const Vault = vaultType("Vault");
const Plain = vaultType("Plain");
const Choice = vaultType("Choice");
const types = createRegistry(standardRegistry(), vaultTypes);
const poem = { "@type": "type.googleapis.com/showcase.PoetryError", poem: "p", lines: [1, { deep: null }] };
const vaultUrl = "type.googleapis.com/vault.Vault";

function throughVault(json: JsonValue): JsonValue {
  return encodeJson(Vault, decodeJson(Vault, json, { registry: types }), { registry: types });
}

function metadataOf(json: JsonValue, registry = standardRegistry()): Any {
  const { metadata } = decodeJson(OperationSchema, { metadata: json }, { registry });
  if (metadata === undefined) {
    throw new Error("the operation came out without its metadata");
  }
  return metadata;
}

describe("an Any of an unknown type", () => {
  test.each<[string, JsonValue]>([
    ["in a field", { one: poem }],
    ["in a list", { manyThings: [poem, {}, poem] }],
    ["in a map", { byName: { a: poem, "": poem } }],
    ["in a map with numbers for keys", { byNumber: { "-9223372036854775808": poem, "0": poem } }],
    ["in a oneof", { chosenAny: poem }],
    ["in a message in a oneof", { chosenVault: { one: poem } }],
    ["in a message in a list", { vaults: [{ label: "x", one: poem }, {}] }],
    ["in an Any of a known type", { one: { "@type": vaultUrl, one: poem, label: "x" } }],
    ["in an Any in an Any", { one: { "@type": "type.googleapis.com/google.protobuf.Any", value: poem } }],
    ["with a key __proto__", { one: JSON.parse('{"@type":"x.dev/a.B","__proto__":{"polluted":true}}') }],
    ["below a map key __proto__", { byName: JSON.parse(`{"__proto__":${JSON.stringify(poem)}}`) }],
    ["with a URL of another host", { one: { "@type": "example.com/types/a.B", x: 1 } }],
    ["beside 64-bit integers", { one: { ...poem, n: "9223372036854775807" }, size: "-9223372036854775808" }],
    ["with half a surrogate pair", { one: { ...poem, text: "\ud800" } }],
  ])("%s goes back to equal JSON", (_, json) => {
    expect(canonical(throughVault(json))).toBe(canonical(json));
    expect("polluted" in {}).toBe(false);
  });

  test("keeps its type URL, and survives copying and the binary format", () => {
    const operation = decodeJson(
      OperationSchema,
      { name: "operations/1", metadata: poem },
      { registry: standardRegistry() },
    );
    expect(operation.metadata?.typeUrl).toBe(poem["@type"]);
    const copy = fromBinary(OperationSchema, toBinary(OperationSchema, clone(OperationSchema, operation)));
    expect(copy).toEqual(operation);
    expect(encodeJson(OperationSchema, copy, { registry: standardRegistry() })).toEqual({
      name: "operations/1",
      metadata: poem,
    });
  });

  test("is rejected by the anyUnpack of protobuf-es, instead of coming out empty", () => {
    const any = metadataOf({ "@type": "type.googleapis.com/vault.Plain", label: "x" });
    expect(anyIs(any, Plain)).toBe(true);
    expect(() => anyUnpack(any, Plain)).toThrow(/illegal tag/);
  });

  test("inside an Any of a known type leaves that one readable for everybody", () => {
    const any = metadataOf({ "@type": vaultUrl, label: "x", one: poem }, types);
    expect(anyUnpack(any, types)).toMatchObject({ label: "x", one: { typeUrl: poem["@type"] } });
  });

  test("cannot be nested so deeply that writing it would overflow the stack", () => {
    const nest = (depth: number) => ({
      "@type": "a/b.C",
      x: JSON.parse("[".repeat(depth) + "]".repeat(depth)),
    });
    expect(throughVault({ one: nest(500) })).toEqual({ one: nest(500) });
    expect(() => throughVault({ one: nest(100_000) })).toThrow("nested deeper than 512 levels");
  });
});

describe("an Any of a known type", () => {
  test("holds the message, so that protobuf-es reads it", () => {
    const any = metadataOf({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", news: 1 });
    expect(anyUnpack(any, ErrorInfoSchema)?.reason).toBe("R"); // and the unknown field is ignored
  });

  test.each<[JsonValue]>([
    [{ "@type": "type.googleapis.com/google.protobuf.Empty" }],
    [{ "@type": "type.googleapis.com/google.protobuf.Duration", value: "1.500s" }],
    [{ "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: [null] } }],
    [{ "@type": "type.googleapis.com/google.protobuf.Value", value: null }],
    [{ "@type": "type.googleapis.com/google.protobuf.Int64Value", value: "9223372036854775807" }],
    [{ "@type": "example.com/google.rpc.ErrorInfo", reason: "R" }],
    [{}],
  ])("%j goes back to equal JSON", (json) => {
    expect(
      encodeJson(OperationSchema, decodeJson(OperationSchema, { metadata: json }, { registry: types }), {
        registry: types,
      }),
    ).toEqual({
      metadata: json,
    });
  });

  test("takes an Empty with a value, as older servers in Go write it", () => {
    const any = metadataOf({ "@type": "type.googleapis.com/google.protobuf.Empty", value: {} });
    expect(any.value).toEqual(new Uint8Array());
  });

  test("keeps its JSON when that does not fit the type, so that the call succeeds", () => {
    const json = { "@type": "type.googleapis.com/vault.Plain", size: "many" };
    expect(throughVault({ one: json })).toEqual({ one: json });
  });

  test("is nested up to a limit, with a clear error beyond it", () => {
    const nest = (depth: number): JsonValue =>
      depth === 0 ? {} : { "@type": vaultUrl, one: nest(depth - 1) };
    expect(canonical(throughVault({ one: nest(40) }))).toBe(canonical({ one: nest(40) }));
    expect(() => throughVault({ one: nest(5_000) })).toThrow("nested deeper than 100 levels");
  });

  test("as bytes nested too deeply, is rejected when it is to become JSON", () => {
    let bytes = metadataOf({ "@type": vaultUrl, one: {} }, types);
    for (let depth = 0; depth < 60; depth++) {
      const holder = decodeJson(Vault, { one: {} }, { registry: types });
      bytes = { ...bytes, value: toBinary(Vault, Object.assign(holder, { one: bytes })) };
    }
    const operation = { ...decodeJson(OperationSchema, {}, { registry: types }), metadata: bytes };
    expect(() => encodeJson(OperationSchema, operation, { registry: types })).toThrow(
      "nested deeper than 100 levels",
    );
  });
});

describe("reading", () => {
  test("ignores unknown fields and keeps unknown enum numbers", () => {
    expect(throughVault({ news: { a: 1 }, color: 7, inner: { news: 1, label: "x" } })).toEqual({
      color: 7,
      inner: { label: "x" },
    });
  });

  test.each<[string, JsonValue, JsonValue]>([
    ["of all members", { chosenAny: null, chosenVault: null, chosenColor: null, chosenText: null }, {}],
    [
      "beside a member that is set",
      { chosenVault: null, chosenAny: {}, chosenColor: null },
      { chosenAny: {} },
    ],
    ["by proto names", { chosen_vault: null, chosen_any: null, chosen_text: "t" }, { chosenText: "t" }],
    [
      "in a nested message",
      { inner: { chosenVault: null, chosenText: "t" } },
      { inner: { chosenText: "t" } },
    ],
    [
      "of fields outside of oneofs",
      { one: null, manyThings: null, byName: null, inner: null, size: null },
      {},
    ],
  ])("takes null %s as not set", (_, json, want) => {
    expect(throughVault(json)).toEqual(want);
  });

  test("takes null in a oneof as not set, also where no Any is near", () => {
    expect(decodeJson(Choice, { plain: null, other: { label: "x" } }, { registry: types })).toMatchObject({
      kind: { case: "other", value: { label: "x" } },
    });
  });

  test("takes map keys that are numbers in their shortest form", () => {
    expect(throughVault({ byNumber: { "007": poem, "-0": {} } })).toEqual({
      byNumber: { "7": poem, "0": {} },
    });
  });

  test.each([[{ chosenValue: null }], [{ chosenNull: null }]])("takes null as the value of %j", (json) => {
    expect(throughVault(json)).toEqual(json);
  });

  test("takes null beside a result in an operation as not set", () => {
    const json = { name: "operations/1", done: true, error: null, response: poem };
    const { result } = decodeJson(OperationSchema, json, { registry: standardRegistry() });
    expect(result.case).toBe("response");
  });

  test.each<[string, JsonValue, RegExp]>([
    ["two members of a oneof", { chosenAny: {}, chosenVault: {} }, /oneof set multiple times/],
    ["a field under both of its names", { many_things: [{}], manyThings: [{}] }, /set multiple times/],
    ["an Any without a type", { one: { x: 1 } }, /"@type" is empty/],
    ["an Any with half a type URL", { one: { "@type": "host/" } }, /"@type" is invalid/],
    ["text for a message", { inner: "x" }, /cannot decode/],
    ["an object for a list", { vaults: {} }, /expected Array/],
    ["a list for a map", { byName: [] }, /expected object/],
    ["null in a list", { vaults: [null] }, /null/],
    ["null in a map", { byName: { a: null } }, /null/],
    ["words for the key of a number", { byNumber: { x: {} } }, /key/],
    ["a list for the message", [], /cannot decode/],
  ])("rejects %s", (_, json, message) => {
    expect(() => decodeJson(Vault, json, { registry: types })).toThrow(message);
  });

  test("rejects messages nested without end, with an error and not with the stack", () => {
    let json: JsonValue = {};
    for (let depth = 0; depth < 20_000; depth++) {
      json = { inner: json };
    }
    expect(() => decodeJson(Vault, json, { registry: types })).toThrow("nested deeper than 100 levels");
  });
});

describe("writing", () => {
  test("names the type of an Any whose bytes only an unknown schema could read", () => {
    const any = {
      $typeName: "google.protobuf.Any" as const,
      typeUrl: "x.dev/a.B",
      value: new Uint8Array([8, 1]),
    };
    const operation = { ...decodeJson(OperationSchema, {}, { registry: types }), metadata: any };
    expect(() => encodeJson(OperationSchema, operation, { registry: types })).toThrow(
      "type a.B as JSON: the type is not in the registry",
    );
  });

  test("leaves the message as it was", () => {
    const json = {
      chosenVault: { one: poem },
      manyThings: [poem],
      byName: { a: poem },
      inner: { one: poem },
    };
    const message = decodeJson(Vault, json, { registry: types });
    const before = clone(Vault, message);
    encodeJson(Vault, message, { registry: types });
    expect(message).toEqual(before);
  });

  test("gives what protobuf-es gives, where it gives anything", () => {
    const json = { operations: [{ name: "a", done: true, error: { code: 5 } }], nextPageToken: "t" };
    const message = decodeJson(ListOperationsResponseSchema, json, { registry: types });
    expect(encodeJson(ListOperationsResponseSchema, message, { registry: types })).toEqual(
      toJson(ListOperationsResponseSchema, message, { registry: types }),
    );
  });
});

test("any Operation with unknown types at any depth decodes, and goes back to equal JSON", () => {
  fc.assert(
    fc.property(operationJson, (json) => {
      const operation = decodeJson(OperationSchema, json, { registry: types });
      expect(canonical(encodeJson(OperationSchema, operation, { registry: types }))).toBe(canonical(json));
      const copy = fromBinary(OperationSchema, toBinary(OperationSchema, operation));
      expect(canonical(encodeJson(OperationSchema, copy, { registry: types }))).toBe(canonical(json));
    }),
    { numRuns: propertyRuns(10_000) },
  );
});

test("any message with Anys everywhere decodes, and goes back to equal JSON", () => {
  fc.assert(
    fc.property(vaultJson, (json) => {
      expect(canonical(throughVault(json))).toBe(canonical(json));
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("no registry at all is needed to keep an Operation's JSON", () => {
  const nothing = createRegistry();
  fc.assert(
    fc.property(operationJson, (json) => {
      const operation = decodeJson(OperationSchema, json, { registry: nothing });
      expect(canonical(encodeJson(OperationSchema, operation, { registry: nothing }))).toBe(canonical(json));
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("types without an Any below them are read", () => {
  const json = { code: 5, message: "m" };
  expect(decodeJson(Plain, { label: "x", size: "1" }, { registry: types })).toMatchObject({
    label: "x",
    size: 1n,
  });
  expect(decodeJson(StatusSchema, json, { registry: types })).toMatchObject(json);
});

test("an enum value is written by its name where the descriptor has no other for JSON, as in older protobuf-es", () => {
  const { FieldDescriptorProtoSchema: schema, FieldDescriptorProto_LabelSchema: label } = wkt;
  const values = label.values.map(({ jsonName: _, ...rest }) => rest);
  const value = Object.fromEntries(values.map((one) => [one.number, one]));
  const fields = schema.fields.map((field) =>
    field.enum?.typeName === label.typeName ? { ...field, enum: { ...label, values, value } } : field,
  );
  const older = { ...schema, fields } as unknown as typeof schema; // a descriptor of a version that is not installed here
  const message = create(schema, { label: wkt.FieldDescriptorProto_Label.REPEATED });
  const json = encodeJson(older, message, { registry: standardRegistry() });
  expect(json).toEqual({ label: "LABEL_REPEATED" });
  expect(decodeJson(older, json, { registry: standardRegistry() })).toEqual(message);
});
