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
 * @throws Error when the Any says that it holds this type, and its content cannot be read as such
 */
export function unpackAny<Desc extends DescMessage>(
  any: Any | undefined,
  schema: Desc,
): MessageShape<Desc> | undefined {
  if (any === undefined || typeNameOf(any.typeUrl) !== schema.typeName) {
    return undefined;
  }
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
 * @throws Error naming the type, for bytes of a type outside the registry
 */
export function anyToJson(any: Any, registry?: Registry): JsonValue {
  return encodeJson(AnySchema, any, { registry: registry ?? standardRegistry() });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
