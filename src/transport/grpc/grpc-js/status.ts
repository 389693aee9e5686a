// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";
import type { Metadata } from "@grpc/grpc-js";
import { CallError } from "../../../errors/call-error.js";
import { fromGrpcTrailer, type GrpcStatus } from "../../../errors/grpc-status.js";
import { fromGrpcJsMetadata } from "./metadata.js";

/** Reserved characters of a URL in percent-encoding: `/`, `?`, `#`, `$`, `&`, `+`, `,`, `:`, `;`, `=`, `@`. */
const RESERVED_ESCAPES = /%(?:2F|3F|23|24|26|2B|2C|3A|3B|3D|40)/gi;

/** How grpc-js says that a message exceeds its own limit: by the text alone. */
const OWN_LIMIT = /^Received message (?:larger than max \(|that decompresses to a size larger than )\d+/;

/** A status as grpc-js has it. Errors that it makes of messages it cannot read are without code and details. */
export interface ChannelStatus {
  readonly code?: number;
  readonly details?: string;
  readonly metadata?: Metadata;
  readonly message?: string;
}

/** The error of a call that a channel of grpc-js ended with another status than OK. */
export function statusError(
  status: ChannelStatus,
  header: Metadata | undefined,
  cause: ChannelStatus | undefined,
): CallError {
  const metadata = fromGrpcJsMetadata(header, status.metadata);
  metadata.delete("grpc-status-details-bin");
  const { code, message, details } = statusIn(status);
  const reason =
    code === Code.ResourceExhausted && OWN_LIMIT.test(message) ? "response-too-large" : undefined;
  return new CallError({ code, reason, message, details, metadata, cause, requestSent: true });
}

function statusIn({ code, details = "", metadata, message = "" }: ChannelStatus): GrpcStatus {
  const unreadable = { code: Code.Internal, message, details: [] };
  if (code === undefined) return unreadable;
  const trailer = fromGrpcJsMetadata(metadata);
  trailer.set("grpc-status", String(code));
  if (details !== "") trailer.set("grpc-message", encodeURIComponent(textOf(details)));
  return fromGrpcTrailer(trailer) ?? unreadable;
}

/**
 * The server's text. grpc-js undoes the percent-encoding of `grpc-message` but for the reserved characters of a URL,
 * which some servers (Connect's) encode too; so a `%2F` is taken for such a remainder
 * (docs/upstream.md).
 */
function textOf(details: string): string {
  return details.replace(RESERVED_ESCAPES, decodeURIComponent);
}
