// SPDX-License-Identifier: Apache-2.0

import { createGrpcTransportOver, type GrpcTransport } from "../protocol.js";
import { createHttp2Engine } from "./engine.js";
import { type GrpcTransportOptions, resolveGrpcOptions } from "./options.js";

export type { GrpcTransport } from "../protocol.js";
export type { GrpcTransportOptions } from "./options.js";
export type { GrpcTlsOptions } from "./tls.js";

/**
 * Creates a Connect transport that speaks gRPC over HTTP/2: TLS by default, one connection, opened by the first call,
 * and opened again when the server has closed it.
 *
 * It carries unary and server-streaming calls; those with a stream of requests are rejected as `Unimplemented`. Every
 * error is a `CallError`. A connection without calls on it does not keep the process alive.
 *
 * ```ts
 * const transport = createGrpcTransport({ baseUrl: "https://longrunning.googleapis.com" });
 * const operations = createOperationsClient({ transport });
 * ```
 *
 * @throws TypeError for an option that is unknown or out of range.
 */
export function createGrpcTransport(options: GrpcTransportOptions): GrpcTransport {
  const resolved = resolveGrpcOptions(options);
  return createGrpcTransportOver(createHttp2Engine(resolved), resolved);
}
