// SPDX-License-Identifier: Apache-2.0
import type { OutgoingHttpHeaders } from "node:http2";
import { VERSION } from "../../../names/version.js";
import type { GrpcCall } from "../engine.js";
import { API_CLIENT } from "../metadata.js";

const USER_AGENT = `grpc-node-longrunning/${VERSION}`;

/**
 * The headers of a request. One shape for all calls, with `undefined` for what is not sent, is the fastest to make.
 *
 * @param timeoutMs the time that the call has left, `Infinity` for no deadline, so that a server does not count what connecting has taken
 */
export function requestHeaders(
  { path, routing, metadata }: GrpcCall,
  timeoutMs: number,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ":method": "POST",
    ":path": path,
    te: "trailers",
    "content-type": "application/grpc+proto",
    "user-agent": USER_AGENT,
    // Only what is decoded is accepted; requests are never compressed.
    "grpc-accept-encoding": "gzip",
    "grpc-timeout": timeoutMs === Number.POSITIVE_INFINITY ? undefined : toGrpcTimeout(timeoutMs),
    "x-goog-api-client": API_CLIENT,
    "x-goog-request-params": routing,
  };
  if (metadata !== undefined) Object.assign(headers, metadata);
  return headers;
}

/** The grammar allows at most eight digits, and no 0. gRPC over HTTP/2, Timeout. */
const MAX_AMOUNT = 99_999_999;
const UNITS = [
  { letter: "m", ms: 1 },
  { letter: "S", ms: 1_000 },
  { letter: "M", ms: 60_000 },
  { letter: "H", ms: 3_600_000 },
] as const;

/**
 * The value of the header `grpc-timeout` for a timeout in milliseconds: `1500m`, `100000S`.
 *
 * Rounded up, so that the server never gives up before the client does; a timeout that no unit can write (11,000
 * years) is the largest one that can be written.
 */
export function toGrpcTimeout(timeoutMs: number): string {
  for (const { letter, ms } of UNITS) {
    const amount = Math.max(1, Math.ceil(timeoutMs / ms));
    if (amount <= MAX_AMOUNT) return `${amount}${letter}`;
  }
  return `${MAX_AMOUNT}H`;
}
