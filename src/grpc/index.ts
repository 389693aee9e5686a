// SPDX-License-Identifier: Apache-2.0

/**
 * gRPC in Node: a lean transport straight on HTTP/2, and one over a channel of `@grpc/grpc-js`.
 *
 * @module
 */

export type { GrpcTlsOptions, GrpcTransport, GrpcTransportOptions } from "../transport/grpc.js";
export { createGrpcTransport } from "../transport/grpc.js";
export type { GrpcJsClient, GrpcJsTransportOptions } from "../transport/grpc-js.js";
export { createGrpcJsTransport } from "../transport/grpc-js.js";
