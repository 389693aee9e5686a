// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport, isCallError } from "../../src/index.js";

// A program whose calls msw answers. It prints what msw saw, and how the calls ended.

async function main(): Promise<void> {
  const server = setupServer(
    http.all("https://example.com/*", async ({ request }) => {
      console.log(`${request.method} ${request.url} ${await request.text()}`.trim());
      if (request.method === "GET") return HttpResponse.json({ name: "operations/1", done: true });
      return HttpResponse.json(
        { error: { code: 404, status: "NOT_FOUND", message: "gone" } },
        { status: 404 },
      );
    }),
  );
  server.listen({ onUnhandledRequest: "error" });
  const client = createClient(Operations, createRestTransport({ baseUrl: "https://example.com/x" }));
  const { name, done } = await client.getOperation({ name: "operations/1" });
  console.log(name, done);
  await client
    .cancelOperation({ name })
    .catch((error: unknown) => console.log(isCallError(error) ? error.reason : error));
  server.close();
}

void main();
