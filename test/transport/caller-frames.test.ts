// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { closedPort, httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, engines } from "./rest-fixture.js";

const name = "operations/1";

describe.each(engines)("the stack of an error over the %s engine", (_engine, http) => {
  const callFrom = (baseUrl: string, signal?: AbortSignal) => {
    const client = createClient(Operations, createTestTransport({ baseUrl, ...http() }));
    // Named, to be found in the stack.
    return async function programThatCalls() {
      await client.getOperation({ name }, { timeoutMs: 5_000, ...(signal && { signal }) });
    };
  };

  test.each<[string, Buffer]>([
    ["of a server's refusal", httpAnswer(403, "{}")],
    ["of a response that cannot be read", httpAnswer(200, "<html>")],
    ["of an error in a success", httpAnswer(200, '{"error":{"code":404,"status":"NOT_FOUND"}}')],
  ])("%s leads to the program that called", async (_what, answer) => {
    const server = await startRawServer((socket) => socket.write(answer));
    expect((await callErrorOf(callFrom(server.baseUrl)())).stack).toContain("programThatCalls");
  });

  test("of a connection that is refused, and of a call that is given up", async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    expect((await callErrorOf(callFrom(origin)())).stack).toContain("programThatCalls");
    const server = await startRawServer(() => undefined);
    const controller = new AbortController();
    const error = callErrorOf(callFrom(server.baseUrl, controller.signal)());
    await server.received(1);
    controller.abort();
    expect((await error).stack).toContain("programThatCalls");
  });
});
