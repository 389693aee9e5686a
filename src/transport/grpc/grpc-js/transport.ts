// SPDX-License-Identifier: Apache-2.0

import { createGrpcTransportOver, type GrpcTransport } from "../protocol.js";
import { createGrpcJsEngine } from "./engine.js";
import { type GrpcJsTransportOptions, resolveGrpcJsOptions } from "./options.js";

export type { GrpcJsClient, GrpcJsTransportOptions } from "./options.js";

/**
 * Creates a Connect transport over a channel of `@grpc/grpc-js` (an optional peer of this package, version 1.14 or
 * newer), for its credentials, load balancing, xDS, proxies, or a channel that the program already has. It carries the
 * same calls as `createGrpcTransport`, with the same errors.
 *
 * ```ts
 * const transport = createGrpcJsTransport({ address: "localhost:50051", credentials: credentials.createInsecure() });
 * const another = createGrpcJsTransport({ client }); // any Client of grpc-js; close() leaves its channel open
 * ```
 *
 * @throws TypeError for an option that is unknown or out of range.
 */
export function createGrpcJsTransport(options: GrpcJsTransportOptions): GrpcTransport {
  const resolved = resolveGrpcJsOptions(options);
  return createGrpcTransportOver(createGrpcJsEngine(resolved.source), resolved);
}
