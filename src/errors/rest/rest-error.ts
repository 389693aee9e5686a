// SPDX-License-Identifier: Apache-2.0

import type { JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { anyToJson } from "../../json/any.js";
import { codeName } from "../../names/code-name.js";
import type { CallErrorReason } from "../call-error-init.js";
import { anyOfDetail, type ErrorDetail, type ReceivedDetail } from "../error-details.js";
import { httpStatusFromCode } from "../http-status.js";
import { redactSecrets } from "../sent-secrets.js";
import { codeOfGatewayStatus, readDetails, readErrorBody } from "./error-body.js";
import { bareUrl, httpErrorText } from "./error-text.js";

/** The response to a failed call: any but a 2xx. */
export interface RestErrorResponse {
  readonly status: number;
  readonly headers: Headers;
  /** All of the body, read under a limit of the caller's. */
  readonly body: Uint8Array;
  /** The request's HTTP method, for the message. */
  readonly verb: string;
  /** The request's URL, for the message; its query is not shown. */
  readonly url: string;
  readonly registry: Registry;
}

/** What the response of a failed call says: the start of a CallError. */
export interface RestError {
  readonly code: Code;
  readonly message: string;
  readonly details: ReceivedDetail[];
  /** The headers of the response. */
  readonly metadata: Headers;
  readonly cause: { readonly httpStatus: number; readonly url: string; readonly body: string };
  readonly httpStatus: number;
  /** Where the body says more than the code does. */
  readonly reason?: CallErrorReason | undefined;
}

/**
 * Reads the HTTP response of a failed call. Whatever the Content-Type says, the body is taken as JSON when it
 * is JSON, in any of the forms that `readErrorBody` lists; else the code follows from the HTTP status, and
 * the message has status, verb and URL with the page's title or the beginning of the text. The code is
 * never OK.
 *
 * Details of types outside the registry keep their JSON, to be decoded by `findDetails` or `unpackAny`. The
 * body is on `cause`.
 */
export function fromRestError(response: RestErrorResponse): RestError {
  const { status, headers, verb, url, registry } = response;
  // Redacted before anything is cut off: what is left of half a token would not be found any more.
  const text = redactSecrets(new TextDecoder().decode(response.body)); // drops a byte order mark
  const body = readErrorBody(parseJson(text), status);
  return {
    code: body?.code ?? codeOfGatewayStatus(status),
    message: body?.message ?? httpErrorText({ status, headers, verb, url, text }),
    details: readDetails(body?.details, registry),
    metadata: headers,
    cause: { httpStatus: status, url: bareUrl(url), body: text },
    httpStatus: status,
    ...(body?.code === Code.PermissionDenied && body.isLimit === true && { reason: "rate-limited" }),
  };
}

/** Reads the error that ends a JSON stream, as `streamErrorOf` gives it. */
export function fromStreamError(
  error: JsonObject,
  registry: Registry,
): Pick<RestError, "code" | "message" | "details"> {
  const { code = Code.Unknown, message = "", details } = readErrorBody({ error }, 500) ?? {};
  return { code, message, details: readDetails(details, registry) };
}

/**
 * The response that reports an error to a client, as Google's APIs have it (AIP-193). Inverse of {@link
 * fromRestError}. Details that the registry cannot write as JSON are left out; the error's metadata is the
 * caller's to send.
 */
export function toRestError(error: ConnectError, registry: Registry): { status: number; body: JsonObject } {
  const status = httpStatusFromCode(error.code);
  const details = error.details.flatMap((detail) => detailToJson(detail, registry) ?? []);
  return {
    status,
    body: {
      error: {
        code: status,
        message: error.rawMessage,
        status: codeName(error.code),
        ...(details.length > 0 && { details }),
      },
    },
  };
}

function detailToJson(detail: ErrorDetail, registry: Registry): JsonValue | undefined {
  try {
    if (!("desc" in detail)) {
      return anyToJson(anyOfDetail(detail), registry);
    }
    const value = toBinary(detail.desc, create(detail.desc, detail.value));
    return anyToJson(
      anyOfDetail({ type: detail.desc.typeName, value }),
      createRegistry(registry, detail.desc),
    );
  } catch {
    return undefined; // an unknown type, or values that its schema rejects: the error itself must get through
  }
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no object, and so read as text
  }
}
