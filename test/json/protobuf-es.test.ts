// SPDX-License-Identifier: Apache-2.0
// The codec beside protobuf-es' own, over every kind of field and all the messages that are here.

import {
  createRegistry,
  type DescFile,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  type Registry,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor, hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { file_google_ads_admanager_v1_report_service } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { file_google_api_client } from "../../gen/google/api/client_pb.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { encodeJson } from "../../src/json/encode-json.js";
import { standardRegistry } from "../../src/json/registry.js";
import { file_library_v1_library } from "../any-service/gen/library/v1/library_pb.js";
import { messagesOf } from "../any-service/message-arbitrary.js";
import { file_annotated } from "../http-rule/vectors/gen/annotated_pb.js";
import { file_legacy } from "../http-rule/vectors/gen/legacy_pb.js";
import { file_vec } from "../http-rule/vectors/gen/vec_pb.js";
import { propertyRuns } from "../property-runs.js";
import { canonical } from "./json-arbitrary.js";
import { kinds, kindsType } from "./kinds-schema.js";

const files: readonly DescFile[] = [
  file_google_protobuf_descriptor,
  file_google_ads_admanager_v1_report_service,
  file_google_api_client,
  file_library_v1_library,
  file_annotated,
  file_legacy,
  file_vec,
];
const everything = createRegistry(standardRegistry(), ...files);

const SCHEMAS: readonly [name: string, schema: DescMessage, registry: Registry][] = [
  ["every kind, proto3", kindsType("proto3"), createRegistry(everything, kinds.proto3)],
  ["every kind, proto2", kindsType("proto2"), createRegistry(everything, kinds.proto2)],
];

const types = [...everything].filter((type) => type.kind === "message");
const [special, plain] = [true, false].map((is) =>
  types.filter((type) => hasCustomJsonRepresentation(type) === is),
);

/** What may stand where a value is expected. */
const odd = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...[
      null,
      true,
      false,
      0,
      -0,
      1,
      -1,
      1.5,
      2 ** 31,
      2 ** 32,
      2 ** 53,
      2 ** 63,
      2 ** 64,
      1e39,
      1e300,
      -1e-320,
    ],
    ...[
      "",
      " ",
      "1",
      " 1",
      "1 ",
      "-1",
      "-0",
      "007",
      "+1",
      "1e3",
      "1.0",
      "0x10",
      "1_0",
      "NaN",
      "Infinity",
      "-Infinity",
    ],
    ...[
      "9223372036854775807",
      "9223372036854775808",
      "18446744073709551615",
      "18446744073709551616",
      "1e400",
    ],
    ...[
      "true",
      "false",
      "RED",
      "GREEN",
      "PURPLE",
      "NULL_VALUE",
      "\ud800",
      "é",
      "____",
      "AQI=",
      "AQI",
      "A",
      "-_8",
    ],
    ...["1s", "-1.5s", "1.5", "s", "-0.5s", "315576000001s", "1.0000000000s", "0.000000001s"],
    ...[
      "2026-01-02T03:04:05Z",
      "2026-01-02T03:04:05.1+01:00",
      "10000-01-02T03:04:05Z",
      "2026-13-02T03:04:05Z",
    ],
    ...[
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999999Z",
      "2026-01-02t03:04:05z",
      "2026-01-02",
      "a,bC",
      "a_b",
    ],
  ),
  fc.constantFrom<JsonValue>(
    [],
    {},
    [[]],
    [null],
    [{}],
    { a: null },
    { a: 1 },
    { "1": "1", "01": "1" },
    { true: "x" },
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
);

type Change = {
  readonly at: number;
  readonly value: JsonValue;
  readonly kind: "value" | "key" | "add" | "name";
};

/** How valid JSON becomes JSON that may not be. */
const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    at: fc.nat(),
    value: odd,
    kind: fc.constantFrom("value", "value", "value", "key", "add", "name"),
  }),
  { maxLength: 2 },
);

/** Replaces a value, a key, adds a field, or gives a field its other name. */
function changed(json: JsonValue, { at, value, kind }: Change): JsonValue {
  const copy: JsonValue = JSON.parse(JSON.stringify(json));
  const places: [Record<string, JsonValue>, string][] = [];
  const visit = (node: JsonValue): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, JsonValue>, key]); // of a list, its indexes
      visit((node as Record<string, JsonValue>)[key] ?? null);
    }
  };
  visit(copy);
  const place = places[at % places.length];
  if (place === undefined) return kind === "value" ? value : copy;
  const [holder, key] = place;
  const name = typeof value === "string" ? value : "news";
  if (kind === "value") set(holder, key, value);
  else if (kind === "add") set(holder, name, value);
  else if (kind === "name")
    set(
      holder,
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      holder[key] ?? null,
    );
  else if (!Array.isArray(holder)) {
    set(holder, name, holder[key] ?? null);
    delete holder[key];
  }
  return copy;
}

function set(holder: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

type Outcome = { readonly bytes: string } | { readonly error: string };

function outcomeOf(schema: DescMessage, read: () => Message): Outcome {
  let message: Message;
  try {
    message = read();
  } catch (error) {
    return { error: String(error) };
  }
  try {
    // Twice, since only then is a float of theirs a float, and a zero that it was rounded to absent.
    const bytes = toBinary(schema, fromBinary(schema, toBinary(schema, message)));
    return { bytes: Buffer.from(bytes).toString("hex") };
  } catch (error) {
    return { bytes: `none: ${error}` }; // a required field is not set
  }
}

/** Where the two differ on purpose: each has a test of its own. */
function isDeliberate(json: JsonValue, theirs: Outcome): boolean {
  const text = JSON.stringify(json);
  // `null` for a member of a oneof, an Any that keeps its JSON, an extension that is null.
  return (
    ("error" in theirs && /oneof set multiple/.test(theirs.error) && text.includes("null")) ||
    ("error" in theirs && text.includes('"@type"')) ||
    // A number that a closed enum does not have is read as a name that it does not have.
    ("error" in theirs && /expected enum [\w.]+, got -?\d/.test(theirs.error)) ||
    // A number beyond 2^53 in a field with `jstype = JS_STRING`: ours has the digits of the integer that it is.
    /"(longText|manyInt64)":[^"]*\d{16}/.test(text) ||
    (text.includes("[kinds.") && text.includes("null"))
  );
}

function compareReading(schema: DescMessage, json: JsonValue, registry: Registry): void {
  for (const strict of [false, true]) {
    const theirs = outcomeOf(schema, () =>
      fromJson(schema, json, { registry, ignoreUnknownFields: !strict }),
    );
    const ours = outcomeOf(schema, () => decodeJson(schema, json, { registry, strict }));
    if (isDeliberate(json, theirs)) continue;
    if ("error" in theirs) {
      expect(ours).toEqual({
        error: expect.stringMatching(/cannot decode (message|field|extension|oneof) [\w.]+/),
      });
    } else {
      expect(ours).toEqual(theirs);
    }
  }
}

/** Compares what is written, and returns it; `{}` when both reject the message. */
function compareWriting(schema: DescMessage, message: Message, registry: Registry): JsonValue {
  const write = (toText: () => JsonValue): string => {
    try {
      return canonical(toText()).replaceAll('"-0"', "0"); // theirs loses the sign: floats.test.ts has it
    } catch (error) {
      return String(error).replace(/:.*/, "");
    }
  };
  for (const enumAsInteger of [true, false]) {
    const options = { registry, enumAsInteger };
    const theirs = write(() => toJson(schema, message, options));
    expect(write(() => encodeJson(schema, message, options))).toBe(theirs);
    if (theirs === "Error") return {};
  }
  return toJson(schema, message, { registry });
}

describe.each(SCHEMAS)("%s", (_, schema, registry) => {
  test("writes what protobuf-es writes, and reads it back", () => {
    fc.assert(
      fc.property(messagesOf(schema, { forQuery: false }), (message) => {
        compareReading(schema, compareWriting(schema, message, registry), registry);
      }),
      { numRuns: propertyRuns(1_000, 20) },
    );
  });

  test("reads and rejects what protobuf-es reads and rejects, each field with each odd value", () => {
    for (const { jsonName } of schema.fields) {
      fc.assert(
        fc.property(odd, fc.constantFrom("one", "list", "map"), (value, form) => {
          const content = form === "one" ? value : form === "list" ? [value] : { "1": value };
          compareReading(schema, { [jsonName]: content }, registry);
        }),
        { numRuns: propertyRuns(200, 10) },
      );
    }
  });

  test("reads and rejects what protobuf-es reads and rejects, for messages that were changed", () => {
    fc.assert(
      fc.property(messagesOf(schema, { forQuery: false }), changes, (message, list) => {
        const json = list.reduce(changed, toJson(schema, message, { registry }));
        compareReading(schema, json, registry);
      }),
      { numRuns: propertyRuns(2_000, 25) },
    );
  });
});

test("extensions are read and written as protobuf-es does", () => {
  const [schema, registry] = [kindsType("proto2"), SCHEMAS[1]?.[2] ?? kinds.proto2];
  const extensions = [...kinds.proto2].filter((type) => type.kind === "extension");
  expect(extensions.length).toBeGreaterThan(30);
  for (const { jsonName, fieldKind } of extensions) {
    // A float that rounds to zero is kept among the unknown fields in another way.
    const values = odd.filter(
      (value) => typeof value !== "number" || value === 0 || Math.fround(value) !== 0,
    );
    const content = fieldKind === "list" ? values.map((value) => [value]) : values;
    fc.assert(
      fc.property(content, (value) => {
        const json = { [jsonName]: value };
        compareReading(schema, json, registry);
        let message: Message;
        try {
          message = fromJson(schema, json, { registry });
        } catch {
          return;
        }
        compareWriting(schema, message, registry);
      }),
      { numRuns: propertyRuns(500, 15) },
    );
  }
});

test("all messages that are here are written and read as protobuf-es does", () => {
  expect(types.length).toBeGreaterThan(100);
  for (const schema of plain ?? []) {
    fc.assert(
      fc.property(messagesOf(schema, { forQuery: false }), changes, (message, list) => {
        const json = compareWriting(schema, message, everything);
        compareReading(schema, list.reduce(changed, json), everything);
      }),
      { numRuns: propertyRuns(100, 2) },
    );
  }
});

test("messages with a JSON of their own are read as protobuf-es does", () => {
  for (const schema of special ?? []) {
    fc.assert(
      fc.property(odd, (value) => compareReading(schema, value, everything)),
      { numRuns: propertyRuns(2_000, 60) },
    );
  }
});

describe("on purpose, not as protobuf-es", () => {
  const [, schema, registry] = SCHEMAS[1] ?? ["", kindsType("proto2"), kinds.proto2];
  const read = (json: JsonValue, strict = false) => decodeJson(schema, json, { registry, strict });

  test.each<[string, JsonValue]>([
    ["text behind the unit", { oneDuration: "1 second" }],
    ["text behind the unit, without a blank", { oneDuration: "1seconds" }],
    ["ten digits of a second", { oneDuration: "1.0000000000s" }],
  ])("a duration with %s is rejected", (_, json) => {
    expect(() => read(json)).toThrow("cannot decode message google.protobuf.Duration from JSON");
  });

  test.each([false, true])("null for a message in a oneof is not set, strict: %s", (strict) => {
    expect(read({ chosenSmall: null, chosenInt32: 5 }, strict)).toMatchObject({
      choice: { case: "chosenInt32", value: 5 },
    });
  });

  test("null for an extension is not set", () => {
    expect(read({ "[kinds.ext_int32]": null }).$unknown).toBeUndefined();
  });

  test("a 64-bit integer is not written from a number that may have lost digits", () => {
    const message = Object.assign(read({}), { oneInt64: 2 ** 53 });
    expect(() => encodeJson(schema, message, { registry })).toThrow(
      "cannot encode field kinds.Kinds.one_int64 to JSON: expected int64, got 9007199254740992",
    );
  });

  test("messages nested without end are rejected when written, too", () => {
    const message = read({ oneStruct: {} });
    const struct: JsonObject = {};
    struct.self = struct;
    expect(() => encodeJson(schema, Object.assign(message, { oneStruct: struct }), { registry })).toThrow(
      "nested deeper than 100 levels",
    );
  });
});

test("a required field that is not set is an error when written", () => {
  const needed = kindsType("proto2", "Strict");
  expect(() =>
    encodeJson(needed, decodeJson(needed, {}, { registry: kinds.proto2 }), { registry: kinds.proto2 }),
  ).toThrow("cannot encode field kinds.Strict.needed to JSON: required field not set");
});
