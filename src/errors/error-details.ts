// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonValue, Message, MessageShape, Registry } from "@bufbuild/protobuf";
import { create, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema, durationMs } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { anyToJson, unpackAny } from "../json/any.js";
import { typeNameOf } from "../json/any-value.js";
import { isJsonObject } from "../json/layout.js";
import { standardRegistry } from "../json/registry.js";

/**
 * A detail as Connect's errors hold it: one that was received (`type`, `value`), or one to be sent (`desc`,
 * `value`).
 */
export type ErrorDetail = ConnectError["details"][number];

/** A detail that was received: its type's full name, and the `value` that an Any of this type has. */
export interface ReceivedDetail {
  type: string;
  value: Uint8Array;
  /** The detail in the server's own JSON, where it came as JSON: for people to read. */
  debug?: JsonValue;
}

/**
 * The detail in an Any, `undefined` for one without a type. `debug` is made not enumerable, so that a detail
 * equals the same one from another transport, which has no JSON to show.
 */
export function detailOfAny(any: Any, debug?: JsonValue): ReceivedDetail | undefined {
  const type = typeNameOf(any.typeUrl);
  if (type === "") {
    return undefined;
  }
  const detail = { type, value: any.value };
  return debug === undefined
    ? detail
    : Object.defineProperty(detail, "debug", { value: debug, enumerable: false });
}

/** The Any of a detail, as google.rpc.Status holds it. Inverse of {@link detailOfAny}. */
export function anyOfDetail(detail: ReceivedDetail): Any {
  return create(AnySchema, { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value });
}

/**
 * An error's details in one shape, as received: those that were meant to be sent are serialized. One that
 * cannot be is left out, so that it takes neither the error nor the other details along.
 */
export function receivedDetails(details: readonly ErrorDetail[]): ReceivedDetail[] {
  return details.flatMap((detail) => {
    if (!("desc" in detail)) {
      return detailOfAny(anyOfDetail(detail), detail.debug) ?? [];
    }
    try {
      return { type: detail.desc.typeName, value: toBinary(detail.desc, create(detail.desc, detail.value)) };
    } catch {
      return []; // values that the schema rejects: there are no bytes for it on any transport
    }
  });
}

/**
 * The details of one type in any Connect error, or those of all types in a registry, decoded. Does what
 * `ConnectError.findDetails` does, and decodes details that arrived as JSON of a type not known at the time
 * as well. A detail that cannot be decoded is left out.
 */
export function findErrorDetails<Desc extends DescMessage>(
  error: ConnectError,
  schema: Desc,
): MessageShape<Desc>[];
export function findErrorDetails(error: ConnectError, types: DescMessage | Registry): Message[];
export function findErrorDetails(error: ConnectError, types: DescMessage | Registry): Message[] {
  return receivedDetails(error.details).flatMap((detail) => {
    const schema = types.kind === "registry" ? types.getMessage(detail.type) : types;
    try {
      return (schema && unpackAny(anyOfDetail(detail), schema)) ?? [];
    } catch {
      return []; // as ConnectError does: whoever reads details is handling an error already
    }
  });
}

/**
 * A detail for logs: as the server's own JSON where it came as such, else its ProtoJSON by the types given or those that
 * every call knows, else the bytes in base64.
 */
export function detailJson(detail: ReceivedDetail, registry?: Registry): JsonValue {
  const any = anyOfDetail(detail);
  for (const types of [registry, standardRegistry()]) {
    try {
      if (types !== undefined) return anyToJson(any, types);
    } catch {
      // A type that these do not have, or broken bytes.
    }
  }
  const { debug } = detail;
  return isJsonObject(debug) && "@type" in debug
    ? debug
    : { "@type": any.typeUrl, value: base64Encode(any.value) };
}

/** The delay in milliseconds that a google.rpc.RetryInfo among an error's details asks for. */
export function retryDelayMsOf(error: ConnectError): number | undefined {
  const delay = findErrorDetails(error, RetryInfoSchema)[0]?.retryDelay;
  return delay === undefined ? undefined : Math.max(0, durationMs(delay));
}

/** Response headers that name a request, the first one present counts. */
const REQUEST_ID_HEADERS = ["x-goog-correlation-id", "x-request-id", "x-cloud-trace-context"];

/** The server's own name for a request, by the headers or trailers of its response. */
export function requestIdOf(metadata: Headers): string | undefined {
  return REQUEST_ID_HEADERS.map((name) => metadata.get(name)).find((id) => id !== null) ?? undefined;
}
