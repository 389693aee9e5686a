// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type MessageInitShape, type Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Binding } from "../../../http-rule/binding.js";
import { type RestBody, toBody } from "../../../http-rule/body/body.js";
import type { JsonOptions } from "../../../json/context.js";

/** `$alt=json;enum-encoding=int`, with any part of it percent-encoded. */
const ENUMS_AS_INTEGERS = /enum-encoding(?:=|%3D)int/i;

/**
 * ProtoJSON of a server: strict for requests (an unknown field is `INVALID_ARGUMENT`), and with enums in responses
 * encoded according to the system parameter `$alt` in the query.
 */
export function createRestJson(registry: Registry): (query: string) => JsonOptions {
  const names = { registry, strict: true };
  const integers = { registry, strict: true, enumAsInteger: true };
  return (query) => (query !== "" && ENUMS_AS_INTEGERS.test(query) ? integers : names);
}

/**
 * The HTTP body of a response.
 *
 * @throws ConnectError `Internal` for a message that cannot be written as JSON, with an Any of a type outside the registry
 */
export function encodeResponse(
  { response, method }: Binding,
  init: MessageInitShape<DescMessage>,
  json: JsonOptions,
): RestBody {
  try {
    return toBody(response, method.output, { message: create(method.output, init), json });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(
      `The response cannot be written as JSON: ${problem}. Types in an Any are given as the emulator's "registry".`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}
