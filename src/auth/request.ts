// SPDX-License-Identifier: Apache-2.0
import type { StreamRequest, UnaryRequest } from "@connectrpc/connect";
import { type HeaderEntries, LazyUnaryRequest, withHeaders } from "../transport/call/unary-request.js";

/** A call as an interceptor gets it. */
export type AnyRequest = UnaryRequest | StreamRequest;

/** Whether the caller authorized this call: then nothing is added to it. */
export function hasOwnCredential(req: AnyRequest): boolean {
  return hasHeader(req, "authorization") || hasHeader(req, "x-goog-api-key");
}

/**
 * The call with a credential. The request that was given, which the interceptors before this one can still see, stays as
 * it is. Where the call has a header already, that one stays.
 */
export function withCredential(req: AnyRequest, credential: HeaderEntries): AnyRequest {
  return withHeaders(
    req,
    credential.filter(([name]) => !hasHeader(req, name)),
  );
}

function hasHeader(req: AnyRequest, name: string): boolean {
  const { header, added } = LazyUnaryRequest.settingsOf(req);
  return header?.has(name) === true || added?.some(([given]) => given === name) === true;
}
