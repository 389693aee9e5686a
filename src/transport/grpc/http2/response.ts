// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from "node:http2";
import { Code } from "@connectrpc/connect";
import { CallError } from "../../../errors/call-error.js";
import { fromGrpcTrailer } from "../../../errors/grpc-status.js";
import type { GrpcAnswer } from "../engine.js";
import { toHeaders } from "../metadata.js";
import { connectionFault, fault, type ResponseHead, resetFault } from "./errors.js";
import type { OpenStream } from "./session.js";

/** What has come of an answer so far. */
export interface Answer {
  head: ResponseHead | undefined;
  trailers: IncomingHttpHeaders | undefined;
  /** What the stream or its connection died of. */
  error: Error | undefined;
}

/** The headers of an answer that hold its status: its trailers, or the only headers of an answer without any. */
export function statusHeadersOf({ head, trailers }: Answer): IncomingHttpHeaders | undefined {
  if (trailers !== undefined && "grpc-status" in trailers) return trailers;
  return head !== undefined && "grpc-status" in head ? head : undefined;
}

/**
 * Why an answer whose stream is over is no success; `undefined` for status OK.
 *
 * A status that arrived counts, whatever became of the stream afterwards. Without one the call ended as its connection
 * did (`Unavailable`), or as the code of RST_STREAM says; a stream that ended in order but without a status is `Internal`.
 */
export function faultOf(answer: Answer, { stream, connection }: OpenStream): CallError | undefined {
  const statusHeaders = statusHeadersOf(answer);
  if (statusHeaders !== undefined) return statusFaultOf(answer, statusHeaders);
  const { error } = answer;
  const farewell = connection.farewell();
  if (connection.isLost() || (error !== undefined && !isStreamError(error))) {
    const what = `the connection to ${connection.authority} broke before the answer was complete`;
    return connectionFault(farewell === undefined ? what : `${what}, after ${farewell}`, error);
  }
  if (stream.rstCode !== 0) return resetFault(stream.rstCode ?? 0, farewell);
  const missing = answer.head === undefined ? "headers" : "a grpc-status";
  return fault(
    Code.Internal,
    `the server ended the answer without ${missing}; expected trailers with a grpc-status`,
    answer.head,
  );
}

/** Names that say the status: their text is in the error's own fields. */
const STATUS_HEADERS = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

function statusFaultOf(answer: Answer, statusHeaders: IncomingHttpHeaders): CallError | undefined {
  if (statusHeaders["grpc-status"] === "0") return undefined;
  const status = fromGrpcTrailer(toHeaders(statusHeaders));
  if (status === undefined) return undefined;
  const metadata = toHeaders(answer.head, answer.trailers);
  for (const name of STATUS_HEADERS) metadata.delete(name);
  return new CallError({ ...status, metadata, requestSent: true });
}

/** Whether Node made this error of the code of RST_STREAM, which says more by itself. */
function isStreamError(error: Error): boolean {
  return "code" in error && error.code === "ERR_HTTP2_STREAM_ERROR";
}

/** What a successful answer gives to those above. */
export function toGrpcAnswer({ head, trailers }: Answer, message: Uint8Array): GrpcAnswer {
  return { message, header: () => toHeaders(head), trailer: () => toHeaders(trailers) };
}

/** The compression that an answer declares for its messages. */
export function encodingOf({ head }: Answer): string | undefined {
  const encoding = head?.["grpc-encoding"];
  return Array.isArray(encoding) ? encoding.join(", ") : encoding;
}
