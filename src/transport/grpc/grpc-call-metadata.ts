// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { routingParamsOf } from "../../http-rule/routing.js";
import type { RequestSettings } from "../unary-request.js";
import { VERSION } from "../version.js";
import { type Metadata, metadataOf } from "./metadata.js";

/** What goes with a request besides the protocol's own headers. */
export interface CallMetadata {
  /** `x-goog-api-client`: which client this is. */
  readonly apiClient: string;
  /** `x-goog-request-params`: what Google's front ends route the call by. */
  readonly routing: string | undefined;
  /** What the caller and the interceptors have set. It wins over the other two. */
  readonly own: Metadata | undefined;
}

/** What Google's servers and their logs know a client by: the runtime first, then this library, then the protocol. */
const API_CLIENT = `gl-node/${process.versions.node} gapic/${VERSION} grpc/${VERSION}`;

/**
 * The metadata of one call.
 *
 * @throws ConnectError `InvalidArgument` for a header that gRPC cannot carry.
 */
export function callMetadataOf(
  { header, added }: Pick<RequestSettings, "header" | "added">,
  method: DescMethod,
  message: Message,
): CallMetadata {
  return { apiClient: API_CLIENT, routing: routingParamsOf(method, message), own: metadataOf(header, added) };
}
