// SPDX-License-Identifier: Apache-2.0

const [, minor = 0] = (process.versions.nghttp2 ?? "").split(".").map(Number);

/**
 * Whether Node says so when a server breaks the rules of HTTP/2: older ones let the connection go dumb, and tell grpc-js of
 * its end later. Seen in Node 22.23 and 26.10, and not in 20.20 and 24.9.
 */
export const TELLS_BREACHES = minor >= 69;
