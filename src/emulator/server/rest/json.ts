// SPDX-License-Identifier: Apache-2.0
import { fromJson, type Registry, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonFunctions } from "../../../http-rule/json-functions.js";
import { encodeJson } from "../../../json/json.js";

/** `$alt=json;enum-encoding=int`, however much of it is percent-encoded. */
const ENUMS_AS_INTEGERS = /enum-encoding(?:=|%3D)int/i;

/**
 * ProtoJSON as a server speaks it: strict with requests (an unknown field is `INVALID_ARGUMENT`), and in
 * answers with enums as the system parameter `$alt` of the query asks for them.
 */
export function createRestJson(registry: Registry): (query: string) => JsonFunctions {
  const read: JsonFunctions["fromJson"] = (schema, json) => fromJson(schema, json, { registry });
  const names: JsonFunctions = {
    fromJson: read,
    toJson: (schema, message) => written(() => encodeJson(schema, message, registry)),
  };
  const integers: JsonFunctions = {
    fromJson: read,
    toJson: (schema, message) => written(() => toJson(schema, message, { registry, enumAsInteger: true })),
  };
  return (query) => (query !== "" && ENUMS_AS_INTEGERS.test(query) ? integers : names);
}

function written<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(
      `The answer cannot be written as JSON: ${problem}. Types in an Any are given as the emulator's "registry".`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}
