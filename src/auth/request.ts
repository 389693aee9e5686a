// SPDX-License-Identifier: Apache-2.0
import type { StreamRequest, UnaryRequest } from "@connectrpc/connect";
import { type HeaderEntries, LazyUnaryRequest, withHeaders } from "../transport/call/unary-request.js";

/** A call as an interceptor gets it. */
export type AnyRequest = UnaryRequest | StreamRequest;

/** Whether the caller authorized this call: then nothing is added to it. */
export function hasOwnCredential(req: AnyRequest): boolean {
  return (
    LazyUnaryRequest.hasHeader(req, "authorization") || LazyUnaryRequest.hasHeader(req, "x-goog-api-key")
  );
}

/**
 * The call with a credential. The request that was given, which the interceptors before this one can still see, stays as
 * it is. Where the call has a header already, that one stays.
 */
export function withCredential(req: AnyRequest, credential: HeaderEntries): AnyRequest {
  const isGiven = ([name]: HeaderEntries[number]) => LazyUnaryRequest.hasHeader(req, name);
  // As a rule the same array for all calls: `rememberSecrets` reads each array once.
  const entries = credential.some(isGiven) ? credential.filter((entry) => !isGiven(entry)) : credential;
  return withHeaders(req, entries);
}
