// SPDX-License-Identifier: Apache-2.0

/** Response headers that name a request, the first one present counts. */
const requestIdHeaders = ["x-goog-correlation-id", "x-request-id", "x-cloud-trace-context"];

/** What the server calls a request, by the headers or trailers of its answer. */
export function requestIdOf(metadata: Headers): string | undefined {
  return requestIdHeaders.map((name) => metadata.get(name)).find((id) => id !== null) ?? undefined;
}
