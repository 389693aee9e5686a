// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { HttpClient, HttpRequest } from "../../src/transport/rest/transport.js";
import { callErrorOf, createTestTransport } from "./rest-fixture.js";

const name = "operations/1";

/** An HTTP client of a user's own, which sends nothing. */
function cannedClient(answer: () => Promise<string>) {
  const requests: HttpRequest[] = [];
  let closes = 0;
  const httpClient: HttpClient = {
    send: async (request) => {
      requests.push(request);
      const content = new TextEncoder().encode(await answer());
      return {
        status: 200,
        headers: new Headers(),
        bytes: async () => ({ content, complete: true }),
        async *chunks() {
          yield content;
        },
      };
    },
    close: async () => {
      closes += 1;
    },
  };
  const transport = createTestTransport({ baseUrl: "https://example.com/x", httpClient });
  return { requests, transport, client: createClient(Operations, transport), closed: () => closes };
}

test("an own HTTP client gets the requests as they would go on the wire, and is closed with the transport", async () => {
  const { requests, client, transport, closed } = cannedClient(async () => '{"name":"operations/1"}');
  expect(await client.getOperation({ name })).toMatchObject({ name });
  expect(requests).toMatchObject([
    { method: "GET", origin: "https://example.com", path: "/x/v1/operations/1", body: undefined },
  ]);
  await transport.close();
  expect(closed()).toBe(1);
});

test.each<[string, unknown, Code]>([
  ["a lost connection", Object.assign(new Error("read"), { code: "ECONNRESET" }), Code.Unavailable],
  [
    "what fetch throws",
    new TypeError("fetch failed", { cause: { code: "ENOTFOUND", message: "x" } }),
    Code.Unavailable,
  ],
  ["anything else", new Error("out of paper"), Code.Unknown],
])("an own HTTP client may throw %s", async (_what, error, code) => {
  const { client } = cannedClient(() => Promise.reject(error));
  expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({
    code,
    cause: error,
    operationName: name,
    requestSent: true,
  });
});
