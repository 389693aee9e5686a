// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { decodeJson } from "../../json/decode-json.js";
import { isJsonObject } from "../../json/layout.js";
import { codeOfName } from "../../names/code-name.js";
import { detailOfAny, type ReceivedDetail } from "../error-details.js";
import { codeFromHttpStatus } from "../http-status.js";
import { isLimitReason } from "../rate-limit.js";

/** What the JSON body of a failed call says. */
export interface ErrorBody {
  readonly code: Code;
  /** `undefined` when the body has none. */
  readonly message: string | undefined;
  /** In the server's JSON; {@link readDetails} reads them. */
  readonly details: JsonValue | undefined;
  /** Whether older Google APIs' `errors` say that it is a limit that was exceeded, mostly with a 403. */
  readonly isLimit?: boolean | undefined;
}

/**
 * Reads the JSON body of a failed call, in any of the forms that servers have:
 *
 * - AIP-193: `{"error":{"code":404,"status":"NOT_FOUND","message","details":[{"@type",…}]}}`, also in an
 *   array, as streaming methods respond
 * - OAuth 2.0 and grpc-gateway 1: `{"error":"invalid_grant","error_description"}`,
 *   `{"error":"m","code":5,"message":"m"}`
 * - a bare google.rpc.Status, of grpc-gateway 2 and ESPv2: `{"code":5,"message","details":[{"@type",…}]}`
 * - Connect: `{"code":"not_found","message","details":[{"type","value"}]}`
 * - any other object: its `message`
 *
 * `undefined` for JSON that is no object. The code is never OK.
 */
export function readErrorBody(json: JsonValue, httpStatus: number): ErrorBody | undefined {
  const body = Array.isArray(json) ? firstError(json) : json;
  if (!isJsonObject(body)) {
    return undefined;
  }
  const { error } = body;
  if (isJsonObject(error)) {
    const code = codeIn(error) ?? codeFromHttpStatus(httpStatus);
    const message = textIn(error, "message") ?? legacyMessage(error) ?? "";
    return { code, message, details: error.details, isLimit: hasLimitReason(error) };
  }
  const said = codeIn(body);
  const rest = { code: said ?? codeOfGatewayStatus(httpStatus), details: body.details };
  if (typeof error === "string") {
    const description = textIn(body, "error_description");
    const message = description === undefined ? textIn(body, "message") : `${error}: ${description}`;
    return { ...rest, message: message ?? error };
  }
  return { ...rest, message: textIn(body, "message") ?? (said === undefined ? undefined : "") };
}

/**
 * Whether the JSON of a 2xx response is an AIP-193 error: some servers and gateways respond to a failed call with 200. An
 * Operation has a field `error` as well. There it is data when `name` or `done` stands beside it, or when it is a plain
 * google.rpc.Status, with a `code` of 1 to 16 and no `status`. Of other messages with a field `error` it is always data. An
 * Empty has no field: whatever says `error` there is one.
 */
export function isErrorResponse(json: JsonValue, output: DescMessage): boolean {
  const body = Array.isArray(json) ? firstError(json) : json;
  if (!isJsonObject(body) || body.error === undefined) return false;
  const { error, name, done } = body;
  const isEmpty = output.typeName === "google.protobuf.Empty";
  if (!isJsonObject(error)) return isEmpty && textIn(body, "error") !== undefined;
  const isOperation = output.typeName === "google.longrunning.Operation";
  if (isOperation && ((name ?? null) !== null || (done ?? null) !== null)) return false;
  if (!isOperation && output.fields.some((field) => field.jsonName === "error" || field.name === "error")) {
    return false;
  }
  if (typeof error.status === "string" && knownCode(codeOfName(error.status)) !== undefined) return true;
  if (isOperation) return Number(error.code ?? Number.NaN) >= 100;
  return codeOf(error.code) !== undefined || (isEmpty && textIn(error, "message") !== undefined);
}

/**
 * The code for a response that does not come from a Google-style API but from something in front of it. As
 * {@link codeFromHttpStatus}, but 502 and 408 are UNAVAILABLE: load balancers send them for what goes away by
 * itself, and the INTERNAL and FAILED_PRECONDITION of that table would end a wait for good.
 */
export function codeOfGatewayStatus(httpStatus: number): Code {
  return httpStatus === 502 || httpStatus === 408 ? Code.Unavailable : codeFromHttpStatus(httpStatus);
}

/** The details, each by itself: one that cannot be read at all is left out, and takes nothing along. */
export function readDetails(details: JsonValue | undefined, registry: Registry): ReceivedDetail[] {
  return Array.isArray(details) ? details.flatMap((detail) => readDetail(detail, registry) ?? []) : [];
}

function readDetail(json: JsonValue, registry: Registry): ReceivedDetail | undefined {
  if (!isJsonObject(json)) {
    return undefined;
  }
  const { type, value, debug } = json;
  try {
    return "@type" in json || typeof type !== "string" || typeof value !== "string"
      ? detailOfAny(decodeJson(AnySchema, json, { registry }), json)
      : detailOfAny(create(AnySchema, { typeUrl: type, value: base64Decode(value) }), debug);
  } catch {
    return undefined; // no type, no base64, or nested without end
  }
}

function firstError(json: readonly JsonValue[]): JsonValue | undefined {
  return json.find((element) => isJsonObject(element) && "error" in element) ?? json[0];
}

/**
 * The code that an object names: `status` by name, else `code`, else the `grpc_code` of grpc-gateway 1's
 * streams.
 */
function codeIn(json: JsonObject): Code | undefined {
  const named = typeof json.status === "string" ? knownCode(codeOfName(json.status)) : undefined;
  return named ?? codeOf(json.code) ?? codeOf(json.grpc_code);
}

/** A code as a number (of google.rpc.Code, or an HTTP status), also in quotes, or as Connect spells it, `not_found`. */
function codeOf(given: JsonValue | undefined): Code | undefined {
  const code = typeof given === "string" && /^\d{1,3}$/.test(given) ? Number(given) : given;
  if (typeof code === "string") {
    return knownCode(code === "canceled" ? Code.Canceled : codeOfName(code.toUpperCase()));
  }
  if (typeof code !== "number") {
    return undefined;
  }
  // A success among HTTP statuses says nothing about an error: then the status of the response counts.
  return code >= 100 && !(code >= 200 && code < 300) ? codeFromHttpStatus(code) : knownCode(code);
}

/** A number of google.rpc.Code other than OK. */
function knownCode(code: number | undefined): Code | undefined {
  return code !== undefined && Code[code] !== undefined ? code : undefined;
}

/** The first of the `errors` that older Google APIs list, where the error as a whole has no message. */
function legacyMessage({ errors }: JsonObject): string | undefined {
  const first = Array.isArray(errors) ? errors[0] : undefined;
  return isJsonObject(first) ? textIn(first, "message") : undefined;
}

function hasLimitReason({ errors }: JsonObject): boolean {
  const list: readonly JsonValue[] = Array.isArray(errors) ? errors : [];
  return list.some((one) => isJsonObject(one) && typeof one.reason === "string" && isLimitReason(one.reason));
}

function textIn(json: JsonObject, key: string): string | undefined {
  const text = json[key];
  return typeof text === "string" && text !== "" ? text : undefined;
}
