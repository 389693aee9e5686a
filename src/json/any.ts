// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonValue, MessageShape, Registry } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { isJsonValue, jsonOfValue, typeNameOf } from "./any-value.js";
import { decodeBinary } from "./binary-limit.js";
import { decodeAnyJson } from "./decode-json.js";
import { encodeJson } from "./encode-json.js";
import { registryOf, standardRegistry } from "./registry.js";

/**
 * The message in a google.protobuf.Any, or `undefined` when its type is another one (or the Any is missing or
 * empty). Use it in place of `anyUnpack` of protobuf-es: it also reads an Any that arrived as JSON when its
 * type was not known.
 *
 * @throws Error when the Any says that it holds this type, and its content cannot be read as such; TypeError for what is no
 * Any or no schema
 */
export function unpackAny<Desc extends DescMessage>(
  any: Any | undefined,
  schema: Desc,
): MessageShape<Desc> | undefined {
  if (schema?.kind !== "message") throw new TypeError("unpackAny: schema: not the schema of a message");
  if (any === undefined) return undefined;
  checkAny("unpackAny", any);
  if (typeNameOf(any.typeUrl) !== schema.typeName) return undefined;
  try {
    if (isJsonValue(any.value)) {
      return decodeAnyJson(schema, jsonOfValue(any.value), { registry: registryOf(schema) });
    }
    return decodeBinary(schema, any.value);
  } catch (cause) {
    throw new Error(`the google.protobuf.Any holds no readable ${schema.typeName}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/**
 * A google.protobuf.Any as ProtoJSON: an object with `@type`, `{}` for an empty one. Exact for an Any that
 * arrived as JSON.
 *
 * @param registry - the types that may be inside. @default the well-known types, google.rpc's error details,
 * Operation and Status
 * @throws Error naming the type, for bytes of a type outside the registry; TypeError for what is no Any
 */
export function anyToJson(any: Any, registry?: Registry): JsonValue {
  checkAny("anyToJson", any);
  return encodeJson(AnySchema, any, { registry: registry ?? standardRegistry() });
}

/** A program without types may pass an object of JSON, or nothing. */
function checkAny(owner: string, any: unknown): void {
  const isAny = typeof any === "object" && any !== null && "typeUrl" in any && "value" in any;
  if (!isAny)
    throw new TypeError(
      `${owner}: any: not a google.protobuf.Any (expected one such as the metadata of an operation)`,
    );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
