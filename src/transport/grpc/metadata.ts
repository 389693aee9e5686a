// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { VERSION } from "../../names/version.js";
import { receivedHeaders } from "../call/lazy-response.js";
import type { HeaderEntries } from "../call/unary-request.js";

/** Metadata of one call as name and value; a `-bin` value is base64, as it is on the wire. */
export type Metadata = Readonly<Record<string, string>>;

/** `x-goog-api-client`, what Google's servers and their logs know a client by: runtime, this library, protocol. */
export const API_CLIENT: string = `gl-node/${process.versions.node} gapic/${VERSION} grpc/${VERSION}`;

/**
 * Names that the protocol writes itself or that HTTP/2 forbids: a caller's value for one of these is left out, as
 * gRPC libraries do, so that headers copied from elsewhere (a fetch, a proxied request) do no harm.
 */
const RESERVED = new Set([
  "te",
  "content-type",
  "content-length",
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** What ASCII metadata may hold: printable ASCII and the space. gRPC over HTTP/2, ASCII-Value. */
const UNPRINTABLE = /[^\x20-\x7e]/;
const BASE64 = /^[A-Za-z0-9+/=, ]*$/;

/**
 * The metadata that the headers of a call stand for: everything but the protocol's own names. Most calls have none, or
 * just a credential that was `added`.
 *
 * @throws ConnectError `InvalidArgument` for a value that gRPC cannot carry.
 */
export function metadataOf(
  header: Headers | undefined,
  added: HeaderEntries | undefined,
): Metadata | undefined {
  let metadata: Record<string, string> | undefined;
  for (const [name, value] of header === undefined ? (added ?? []) : [...header, ...(added ?? [])]) {
    if (RESERVED.has(name) || name.startsWith("grpc-")) continue;
    const valid = name.endsWith("-bin") ? BASE64.test(value) : !UNPRINTABLE.test(value);
    if (!valid) {
      const expected = name.endsWith("-bin")
        ? "base64 in a header whose name ends in -bin"
        : "printable ASCII";
      throw new ConnectError(
        `header ${name} has a value that gRPC cannot carry; expected ${expected}`,
        Code.InvalidArgument,
      );
    }
    metadata ??= {};
    metadata[name] = value;
  }
  return metadata;
}

/** Node carries 64 KiB of headers in a request (nghttp2's bound: 12 for each, too); those of the protocol take less than 1 KiB. */
const MAX_METADATA_BYTES = 63 * 1024;
const PER_HEADER_BYTES = 12;

/**
 * Rejects headers that Node would not send; it would report them as refused by the server, and end the connection.
 *
 * @throws ConnectError `InvalidArgument`
 */
export function checkHeaderBytes(routing: string | undefined, metadata: Metadata | undefined): void {
  let bytes = routing?.length ?? 0;
  for (const name in metadata) bytes += name.length + (metadata[name]?.length ?? 0) + PER_HEADER_BYTES;
  if (bytes <= MAX_METADATA_BYTES) return;
  throw new ConnectError(
    `the headers of the call are larger than HTTP/2 carries (got ${bytes} bytes; expected ${MAX_METADATA_BYTES} at most)`,
    Code.InvalidArgument,
  );
}

/** What a response's headers or trailers say, without HTTP/2's pseudo headers. */
export function toHeaders(...received: readonly (IncomingHttpHeaders | undefined)[]): Headers {
  return receivedHeaders(received.flatMap(linesOf));
}

function linesOf(headers: IncomingHttpHeaders | undefined): (readonly [string, string])[] {
  return Object.entries(headers ?? {})
    .filter(([name]) => !name.startsWith(":"))
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, String(one)] as const));
}
