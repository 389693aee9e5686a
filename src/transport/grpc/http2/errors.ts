// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import { Code } from "@connectrpc/connect";
import { CallError } from "../../../errors/call-error.js";
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
  ENHANCE_YOUR_CALM: { code: Code.ResourceExhausted, meaning: "bandwidth or memory is exhausted" },
  INADEQUATE_SECURITY: { code: Code.PermissionDenied, meaning: "the connection is not secure enough" },
};

/** Codes for an answer without a gRPC status, by HTTP status. gRPC's http-grpc-status-mapping. */
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

/** Messages in Protocol Buffers, the only ones that were asked for. */
const GRPC_CONTENT_TYPE = /^application\/grpc(?:\+proto)?(?:;|$)/i;

/** The headers that a response begins with. */
export type ResponseHead = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** An error code of HTTP/2 in words: `CANCEL`, or `0x2a` when the RFC has no name for it. */
export function http2CodeName(code: number): string {
  return HTTP2_CODES[code] ?? `0x${code.toString(16)}`;
}

/** The stream ended with RST_STREAM: the server's, or our own for an answer that HTTP/2 does not take. `hint` is what the connection had said before. */
export function resetFault(code: number, hint: string | undefined): CallError {
  const name = http2CodeName(code);
  const reset = RESETS[name] ?? { code: Code.Internal, meaning: "there is no gRPC status" };
  const said = hint === undefined ? "" : `, after ${hint}`;
  return fault(reset.code, `the stream was reset with ${name}${said}: ${reset.meaning}`);
}

/** The connection could not be made, or broke. `cause` is what the platform says about it. */
export function connectionFault(what: string, cause: unknown, requestSent = true): CallError {
  // Not `instanceof Error`: under Jest, errors of Node itself belong to another realm.
  const why = typeof cause === "object" && cause !== null && "message" in cause ? `: ${cause.message}` : "";
  return new CallError({ code: Code.Unavailable, message: `${what}${why}`, cause, requestSent });
}

/**
 * What stands in the way of reading an answer as gRPC, going by its headers: a proxy's HTML page, as a rule. Headers
 * with a gRPC status are gRPC, whatever else they say.
 */
export function foreignAnswerFault(head: ResponseHead): CallError | undefined {
  if ("grpc-status" in head) return undefined;
  const httpStatus = head[":status"] ?? 0;
  const contentType = head["content-type"];
  if (httpStatus === 200 && contentType !== undefined && GRPC_CONTENT_TYPE.test(contentType))
    return undefined;
  return new CallError({
    code: HTTP_STATUSES[httpStatus] ?? Code.Unknown,
    message:
      `the server answered HTTP ${httpStatus} with ${contentType ?? "no content-type"}; ` +
      "expected HTTP 200 with application/grpc",
    metadata: toHeaders(head),
    httpStatus,
    requestSent: true,
  });
}

/** Something is wrong with an answer whose headers, if there were any, are `received`. */
export function fault(
  code: Code,
  message: string,
  ...received: readonly (IncomingHttpHeaders | undefined)[]
): CallError {
  return new CallError({ code, message, metadata: toHeaders(...received), requestSent: true });
}
