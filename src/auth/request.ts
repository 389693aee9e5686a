// SPDX-License-Identifier: Apache-2.0
import type { StreamRequest, UnaryRequest } from "@connectrpc/connect";

/** A call as an interceptor gets it. */
export type AnyRequest = UnaryRequest | StreamRequest;

/** Whether the caller authorized this call: then nothing is added to it. */
export function hasOwnCredential(req: AnyRequest): boolean {
  return req.header.has("authorization") || req.header.has("x-goog-api-key");
}

/**
 * The call with a credential, in headers of its own: those that it came with, which the interceptors before this one can
 * still see, stay as they are. Where the call has a header already, that one stays.
 */
export function withCredential(
  req: AnyRequest,
  credential: Headers,
  quotaProject: string | undefined,
): AnyRequest {
  const header = new Headers(req.header);
  if (quotaProject !== undefined && !header.has("x-goog-user-project")) {
    header.set("x-goog-user-project", quotaProject);
  }
  for (const [name, value] of credential) {
    if (!header.has(name)) header.set(name, value);
  }
  return { ...req, header };
}
