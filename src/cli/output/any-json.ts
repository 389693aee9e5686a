// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { Any } from "@bufbuild/protobuf/wkt";
import { anyToJson } from "../../index.js";

/**
 * A google.protobuf.Any as ProtoJSON, whatever is in it: what came as JSON is printed as it came, and bytes of a type
 * that nobody here knows as `{"@type": …, "value": base64}`.
 */
export function anyJson(any: Any, registry: Registry): JsonValue {
  for (const types of [registry, undefined]) {
    try {
      return anyToJson(any, types);
    } catch {
      // Not a type of this registry: the next one, or the bytes.
    }
  }
  return { "@type": any.typeUrl, value: base64Encode(any.value) } satisfies JsonObject;
}
