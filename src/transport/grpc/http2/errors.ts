// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import { Code } from "@connectrpc/connect";
import { CallError } from "../../../errors/call-error.js";
import { fieldsOf } from "../../../errors/connection.js";
import { toHeaders } from "../metadata.js";

/** HTTP/2's error codes by number. RFC 9113, section 7. */
const HTTP2_CODES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

/** The codes of RST_STREAM that do not mean `Internal`. gRPC over HTTP/2, Errors. */
const RESETS: Readonly<Record<string, { code: Code; meaning: string }>> = {
  REFUSED_STREAM: { code: Code.Unavailable, meaning: "the server did not process the call" },
  CANCEL: { code: Code.Canceled, meaning: "the server cancelled the call" },
  ENHANCE_YOUR_CALM: {
    code: Code.ResourceExhausted,
    meaning: "bandwidth or memory is exhausted, or the response has more than 1 MiB of headers",
  },
  INADEQUATE_SECURITY: { code: Code.PermissionDenied, meaning: "the connection is not secure enough" },
};

/** Codes for a response without a gRPC status, by HTTP status. gRPC's http-grpc-status-mapping. */
const HTTP_STATUSES: Readonly<Record<number, Code>> = {
  400: Code.Internal,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.Unimplemented,
  429: Code.Unavailable,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.Unavailable,
};

const GRPC_CONTENT_TYPE = /^application\/grpc(?:\+proto)?[ \t]*(?:;|$)/i;

/** The headers that a response begins with. */
export type ResponseHead = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** An error code of HTTP/2 in words: `CANCEL`, or `0x2a` when the RFC has no name for it. */
export function http2CodeName(code: number): string {
  return HTTP2_CODES[code] ?? `0x${code.toString(16)}`;
}

/**
 * The stream ended with RST_STREAM: the server's, or our own for a response that HTTP/2 does not allow. `goaway` is how
 * the server announced the end of the connection before.
 */
export function resetError(code: number, goaway: string | undefined): CallError {
  const name = http2CodeName(code);
  const reset = RESETS[name] ?? { code: Code.Internal, meaning: "there is no gRPC status" };
  const said = goaway === undefined ? "" : `, after ${goaway}`;
  return responseError(reset.code, `the stream was reset with ${name}${said}: ${reset.meaning}`);
}

/** The connection could not be made, or broke. `cause` is the platform's error. */
export function connectionError(what: string, cause: unknown, requestSent = true): CallError {
  const why = reasonIn(cause);
  const message = why === undefined ? what : `${what}: ${why}`;
  return new CallError({ code: Code.Unavailable, message, cause, requestSent });
}

/** Why a connection was lost, from the platform's error if it gave one, with a code that says so. */
export function lossOf(error: unknown, hasBegun: boolean): unknown {
  if (error === undefined) {
    return Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" });
  }
  const { code } = fieldsOf(error);
  if (hasBegun || code !== "ERR_HTTP2_ERROR") return error;
  return Object.assign(new Error("the server does not speak HTTP/2", { cause: error }), { code: "EPROTO" });
}

/** The message of an error. That of a host with several addresses has none: it holds an error for each address. */
function reasonIn(cause: unknown): string | undefined {
  // Not `instanceof Error`: under Jest, errors of Node itself belong to another realm.
  if (typeof cause !== "object" || cause === null) return undefined;
  if ("message" in cause && cause.message !== "") return String(cause.message);
  if ("errors" in cause && Array.isArray(cause.errors)) {
    const reasons = cause.errors.map(reasonIn).filter((reason) => reason !== undefined);
    if (reasons.length > 0) return reasons.join("; ");
  }
  return "code" in cause ? String(cause.code) : undefined;
}

/** Whether a response is one of gRPC. Another HTTP status than 200 is of no meaning when it has a grpc-status. */
export function isGrpc({ "content-type": contentType }: ResponseHead): boolean {
  return contentType !== undefined && GRPC_CONTENT_TYPE.test(contentType);
}

/** A response without a status whose headers are not those of gRPC: a proxy's HTML page, as a rule. */
export function notGrpcError(head: ResponseHead): CallError | undefined {
  const httpStatus = head[":status"] ?? 0;
  const contentType = head["content-type"];
  if (httpStatus === 200 && isGrpc(head)) return undefined;
  return new CallError({
    code: HTTP_STATUSES[httpStatus] ?? Code.Unknown,
    message:
      `the response is not gRPC (got HTTP ${httpStatus} with ${contentType ?? "no content-type"}; ` +
      "expected HTTP 200 with application/grpc)",
    metadata: toHeaders(head),
    httpStatus,
    requestSent: true,
  });
}

/** Something is wrong with a response whose headers, if there were any, are `received`. */
export function responseError(
  code: Code,
  message: string,
  ...received: readonly (IncomingHttpHeaders | undefined)[]
): CallError {
  return new CallError({ code, message, metadata: toHeaders(...received), requestSent: true });
}

/**
 * How often a call is sent again that a server refused (its RST_STREAM says REFUSED_STREAM): once, as gRFC A6 has it, so that
 * an overloaded server is not called again without a pause.
 */
const MAX_RESENDS_AFTER_REFUSED = 1;

/**
 * How often a call is sent again that was left behind by the end of a connection: servers that limit the calls of a connection
 * leave many calls behind at once, and each new connection takes some of them.
 */
const MAX_RESENDS_AFTER_GOAWAY = 10;

const resendLimits = new WeakMap<object, number>();

/** Marks the error of a call that the server did not process. */
export function notProcessed(error: CallError, after: "refused" | "goaway"): CallError {
  resendLimits.set(error, after === "refused" ? MAX_RESENDS_AFTER_REFUSED : MAX_RESENDS_AFTER_GOAWAY);
  return error;
}

/** How often a call that failed with this error may be sent again at once. */
export function resendLimit(error: unknown): number {
  return typeof error === "object" && error !== null ? (resendLimits.get(error) ?? 0) : 0;
}
