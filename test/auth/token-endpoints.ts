// SPDX-License-Identifier: Apache-2.0

/** One request to a token endpoint. */
export interface TokenEndpointRequest {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** A stand-in for `fetch` that answers for every token endpoint, and keeps what it was asked. */
export interface TokenEndpoints {
  readonly requests: TokenEndpointRequest[];
  readonly fetch: typeof fetch;
}

/** Creates the stand-in; `answer` gives the status and the JSON of the n-th answer, the first being number 1. */
export function createTokenEndpoints(
  answer: (request: TokenEndpointRequest, count: number) => { status?: number; json: unknown },
): TokenEndpoints {
  const requests: TokenEndpointRequest[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { url, headers } = request;
      const seen = { url, authorization: headers.get("authorization"), body: await request.text() };
      requests.push(seen);
      const { status = 200, json } = answer(seen, requests.length);
      return Response.json(json, { status });
    },
  };
}

/** An hour from now, as `expiry_date` has it. */
export const inAnHour = () => Date.now() + 3_600_000;
