// SPDX-License-Identifier: Apache-2.0
import { constants, type IncomingHttpHeaders } from "node:http2";
import { Code } from "@connectrpc/connect";
import { MAX_HEADER_BYTES } from "../../../budgets/budgets.js";
import { CallError } from "../../../errors/call-error.js";
import { fromGrpcTrailer } from "../../../errors/grpc-status.js";
import { timedOut } from "../../call/abort.js";
import type { UnaryResult } from "../../call/protocol.js";
import { type GrpcCall, isOverdue, limitError } from "../engine.js";
import { toHeaders } from "../metadata.js";
import type { OpenStream } from "./connection.js";
import {
  connectionError,
  isGrpc,
  lossOf,
  notGrpcError,
  notProcessed,
  type ResponseHead,
  resetError,
  responseError,
} from "./errors.js";

/** What has come of a response so far. */
export interface ReceivedResponse {
  head: ResponseHead | undefined;
  /** Whether the stream ended with `head`: there is neither a message nor a trailer. */
  trailersOnly: boolean;
  trailers: IncomingHttpHeaders | undefined;
  /** What the stream or its connection died of. */
  error: Error | undefined;
}

/** What RFC 9113 (section 6.5.2) counts for each header beside its name and value. */
const PER_HEADER_BYTES = 32;

/** Takes in the headers that a response begins with; the error that they are, if they are too large or not those of gRPC. */
export function receiveHead(
  response: ReceivedResponse,
  head: ResponseHead,
  flags: number,
): CallError | undefined {
  response.head = head;
  response.trailersOnly = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  const tooLarge = headerLimitError(head);
  if (tooLarge !== undefined) return tooLarge;
  return isGrpc(head) || statusHeadersOf(response) !== undefined ? undefined : notGrpcError(head);
}

/** The error of headers that are too large. */
function headerLimitError(headers: IncomingHttpHeaders | undefined): CallError | undefined {
  let bytes = 0;
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") bytes += name.length + value.length + PER_HEADER_BYTES;
    else for (const one of [value].flat()) bytes += name.length + String(one).length + PER_HEADER_BYTES;
  }
  if (bytes <= MAX_HEADER_BYTES) return undefined;
  return limitError(`the response has headers of more than ${MAX_HEADER_BYTES / 1024} KiB`);
}

/**
 * The headers that hold the status: the trailers, or the only headers of a response without any (Trailers-Only). A
 * `grpc-status` in headers that something follows is none: a stream that breaks off after it is not complete.
 */
export function statusHeadersOf(response: ReceivedResponse): IncomingHttpHeaders | undefined {
  const headers = response.trailers ?? (response.trailersOnly ? response.head : undefined);
  return headers !== undefined && "grpc-status" in headers ? headers : undefined;
}

/**
 * Why a response whose stream is over is no success; `undefined` for status OK.
 *
 * A status that arrived counts, whatever became of the stream afterwards. Without one the call ended because its time was
 * up, which the server may see first; or as its connection did (`Unavailable`), as its HTTP status says, or as the code of
 * RST_STREAM. A stream that ended in order but without a status is `Internal`.
 */
export function endingErrorOf(
  response: ReceivedResponse,
  open: OpenStream,
  call: GrpcCall,
): Error | undefined {
  const tooLarge = headerLimitError(response.trailers);
  if (tooLarge !== undefined) return tooLarge;
  const statusHeaders = statusHeadersOf(response);
  if (statusHeaders !== undefined) {
    return statusHeaders["grpc-status"] === "0" ? undefined : statusErrorOf(response, statusHeaders);
  }
  if (isOverdue(call)) return timedOut();
  const { stream, connection } = open;
  const { head, error } = response;
  const isUnprocessed = head === undefined && connection.isUnprocessed(stream);
  const goaway = connection.goawayReason();
  const broke = connection.isLost() || (error !== undefined && !isStreamError(error));
  if (broke && stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM) {
    const what = `the connection to ${connection.authority} broke before the response was complete`;
    const text = goaway === undefined ? what : `${what}, after ${goaway}`;
    const lost = connectionError(text, lossOf(error ?? connection.error(), connection.hasBegun()));
    return isUnprocessed ? notProcessed(lost, "goaway") : lost;
  }
  const notGrpc = head && notGrpcError(head);
  if (notGrpc !== undefined) return notGrpc;
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
    const reset = resetError(stream.rstCode ?? constants.NGHTTP2_NO_ERROR, goaway);
    if (isUnprocessed) return notProcessed(reset, "goaway");
    const refused = head === undefined && stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    return refused ? notProcessed(reset, "refused") : reset;
  }
  const missing = head === undefined ? "headers" : "a grpc-status";
  return responseError(
    Code.Internal,
    `the server ended the response without ${missing}; expected trailers with a grpc-status`,
    head,
    response.trailers,
  );
}

/** The error of bytes that are no messages: with another HTTP status they are a page, whatever its content type says. */
export function bodyErrorOf({ head }: ReceivedResponse, error: unknown): unknown {
  return (head && notGrpcError(head)) ?? error;
}

/** Names that say the status: their text is in the error's own fields. */
const STATUS_HEADERS = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

function statusErrorOf(
  response: ReceivedResponse,
  statusHeaders: IncomingHttpHeaders,
): CallError | undefined {
  const status = fromGrpcTrailer(toHeaders(statusHeaders));
  if (status === undefined) return undefined;
  const metadata = toHeaders(response.head, response.trailers);
  for (const name of STATUS_HEADERS) metadata.delete(name);
  return new CallError({ ...status, metadata, requestSent: true });
}

/** Whether Node made this error of the code of RST_STREAM, which says more by itself. */
function isStreamError(error: Error): boolean {
  return "code" in error && error.code === "ERR_HTTP2_STREAM_ERROR";
}

/** What a successful response gives to those above. */
export function toUnaryResult(
  { head, trailers }: ReceivedResponse,
  message: Uint8Array,
): UnaryResult<Uint8Array> {
  return { message, header: () => toHeaders(head), trailer: () => toHeaders(trailers) };
}

/** The compression that a response declares for its messages. */
export function encodingOf({ head }: ReceivedResponse): string | undefined {
  const encoding = head?.["grpc-encoding"];
  return Array.isArray(encoding) ? encoding.join(", ") : encoding;
}
