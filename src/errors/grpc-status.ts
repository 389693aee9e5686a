// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError, decodeBinaryHeader, encodeBinaryHeader } from "@connectrpc/connect";
import { type Status, StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { anyOfDetail, detailOfAny, type ReceivedDetail, receivedDetails } from "./error-details.js";

/** What the trailers of a failed gRPC call say: the start of a CallError. */
export interface GrpcStatus {
  readonly code: Code;
  readonly message: string;
  readonly details: ReceivedDetail[];
}

/**
 * Reads a call's status from gRPC trailers (or from headers, when the response is "Trailers-Only"). `undefined`
 * is OK. Source: PROTOCOL-HTTP2.md of gRPC.
 *
 * `grpc-status` decides, and `grpc-status-details-bin` adds the details, and the message where `grpc-message`
 * is absent. Details that cannot be read never take code and message along. A status that is missing or that
 * gRPC does not know is UNKNOWN.
 */
export function fromGrpcTrailer(trailer: Headers): GrpcStatus | undefined {
  const text = trailer.get("grpc-status");
  // The grammar is 1*DIGIT, which allows leading zeros.
  const code: Code = text !== null && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number(code) === 0) {
    return undefined;
  }
  const status = statusIn(trailer);
  const said = trailer.get("grpc-message");
  const message = said === null ? (status?.message ?? "") : decodeGrpcMessage(said);
  const details = (status?.details ?? []).flatMap((any) => detailOfAny(any) ?? []);
  if (text === null) {
    return {
      code: Code.Unknown,
      message: message || "the server ended the call without a grpc-status",
      details,
    };
  }
  return Code[code] === undefined
    ? { code: Code.Unknown, message: message || "the server sent an unknown grpc-status", details }
    : { code, message, details };
}

/**
 * The trailers of a failed call. Inverse of {@link fromGrpcTrailer}; the error's metadata is not among them.
 */
export function toGrpcTrailer(error: ConnectError): Headers {
  const { code } = error;
  const message = error.rawMessage;
  const trailer = new Headers({ "grpc-status": String(code), "grpc-message": encodeGrpcMessage(message) });
  const details = receivedDetails(error.details).map(anyOfDetail);
  if (details.length > 0) {
    const status = create(StatusSchema, { code, message, details });
    trailer.set("grpc-status-details-bin", encodeBinaryHeader(status, StatusSchema));
  }
  return trailer;
}

function statusIn(trailer: Headers): Status | undefined {
  // A header that came twice is joined by a comma, which base64 does not have.
  const encoded = trailer.get("grpc-status-details-bin")?.split(",")[0];
  try {
    return encoded === undefined ? undefined : decodeBinaryHeader(encoded, StatusSchema);
  } catch {
    return undefined; // details are an extra: the call has failed, and its code and message say how
  }
}

/**
 * Percent-encodes the UTF-8 of a text, but for the printable ASCII characters other than "%". A blank at
 * either end is encoded too, since HTTP trims header values.
 */
function encodeGrpcMessage(message: string): string {
  let start = 0;
  while (message[start] === " ") start++;
  let end = message.length;
  while (end > start && message[end - 1] === " ") end--;
  // Counted, since the pattern " +$" costs the square of a run of blanks in the middle.
  const inner = message
    .slice(start, end)
    .replace(/[^ -$&-~]+/g, (run) =>
      Array.from(new TextEncoder().encode(run), (byte) => `%${hexOf(byte)}`).join(""),
    );
  return "%20".repeat(start) + inner + "%20".repeat(message.length - end);
}

function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

/**
 * Inverse of {@link encodeGrpcMessage}. What is not UTF-8 in percent-encoding stays as it is, as gRPC
 * demands.
 */
function decodeGrpcMessage(encoded: string): string {
  return encoded.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return run; // to lose the message over its encoding would be worse
    }
  });
}
