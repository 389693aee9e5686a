// SPDX-License-Identifier: Apache-2.0
import type { StreamRequest, UnaryRequest } from "@connectrpc/connect";
import { type HeaderEntries, LazyUnaryRequest } from "../transport/call/unary-request.js";

/** A call as passed to an interceptor. */
export type AnyRequest = UnaryRequest | StreamRequest;

/** Whether the caller already authorized this call; then nothing is added to it. */
export function hasOwnCredential(req: AnyRequest): boolean {
  return (
    LazyUnaryRequest.hasHeader(req, "authorization") || LazyUnaryRequest.hasHeader(req, "x-goog-api-key")
  );
}

/**
 * A copy of the call with the credential added; the original, which earlier interceptors can still see, is not modified.
 * Headers that the call already has are kept.
 */
export function withCredential(req: AnyRequest, credential: HeaderEntries): AnyRequest {
  const isGiven = ([name]: HeaderEntries[number]) => LazyUnaryRequest.hasHeader(req, name);
  // Usually the same array for all calls: `rememberSecrets` reads each array once.
  const entries = credential.some(isGiven) ? credential.filter((entry) => !isGiven(entry)) : credential;
  return LazyUnaryRequest.withHeaders(req, entries);
}
