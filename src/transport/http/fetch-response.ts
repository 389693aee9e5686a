// SPDX-License-Identifier: Apache-2.0
import type { HttpBytes, HttpResponse } from "./http-client.js";

/** What reading a body needs of the request that it answers. */
export interface FetchedRequest {
  /** The error to throw for what the platform threw. */
  failureOf(error: unknown): unknown;
  /** The body was read, or given up. */
  onEnd(): void;
}

/** The answer of `fetch` as the seam has it. */
export function fetchedResponse(response: Response, { failureOf, onEnd }: FetchedRequest): HttpResponse {
  const chunks = async function* () {
    const reader = response.body?.getReader();
    try {
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
        yield next.value;
    } catch (error) {
      throw failureOf(error);
    } finally {
      // Without effect on a body that was read to its end; otherwise it drops the connection.
      reader?.cancel().catch(() => undefined);
      onEnd();
    }
  };
  return {
    // A browser hides which redirect it was.
    status: response.type === "opaqueredirect" ? 302 : response.status,
    headers: response.headers,
    chunks,
    bytes: (maxBytes) => collect(chunks(), maxBytes),
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<HttpBytes> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  const content = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.byteLength;
  }
  return { content: content.subarray(0, maxBytes), complete: size <= maxBytes };
}
