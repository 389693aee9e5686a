// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { Code, type Interceptor, type Transport } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../../src/grpc.js";
import { closedAfterTest } from "../grpc-peers.js";
import { follow, lineRules } from "../lines-service.js";
import { startRawServer } from "../raw-server.js";
import { callErrorOf, createTestTransport } from "../rest-fixture.js";

const transports: Record<string, (port: number, interceptors: Interceptor[]) => Transport> = {
  REST: (port, interceptors) =>
    createTestTransport({ baseUrl: `http://127.0.0.1:${port}`, httpRules: lineRules, interceptors }),
  gRPC: (port, interceptors) =>
    closedAfterTest(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}`, interceptors })),
  "grpc-js": (port, interceptors) =>
    closedAfterTest(
      createGrpcJsTransport({
        address: `127.0.0.1:${port}`,
        credentials: credentials.createInsecure(),
        interceptors,
      }),
    ),
};

const calls: Record<string, (transport: Transport, header: HeadersInit) => Promise<unknown>> = {
  unary: (transport, header) => {
    const { cancelOperation } = Operations.method;
    return transport.unary(cancelOperation, undefined, undefined, header, { name: "operations/1" });
  },
  streaming: (transport, header) =>
    transport.stream(follow, undefined, undefined, header, oneQuery(), undefined),
};

async function* oneQuery() {
  yield { name: "logs/1" };
}

const passOn: Interceptor = (next) => (request) => next(request);

describe.each(Object.entries(transports))("over %s", (_protocol, connect) => {
  describe.each(Object.entries(calls))("a %s call", (_kind, call) => {
    test.each<[string, HeadersInit]>([
      ["a value", { authorization: "Bearer secret\r\nx: y" }],
      ["a name", { "Bearer secret": "x" }],
    ])("with %s that HTTP does not allow is rejected, and nothing repeats it", async (_what, header) => {
      const server = await startRawServer(() => undefined);
      for (const interceptors of [[], [passOn]]) {
        const error = await callErrorOf(call(connect(server.port, interceptors), header));
        expect(error).toMatchObject({
          code: Code.InvalidArgument,
          requestSent: false,
          method: expect.stringContaining("."),
          rawMessage: expect.stringContaining(
            "a header of the call has a name or a value that HTTP does not allow",
          ),
        });
        expect(`${inspect(error, { depth: 10, showHidden: true })} ${error.stack}`).not.toContain("secret");
      }
      expect(server.connections).toBe(0);
    });

    test("leaves the caller's own headers as they are", async () => {
      const server = await startRawServer((socket) => socket.destroy());
      const header = new Headers({ "x-mine": "1", host: "elsewhere" });
      for (const interceptors of [[], [passOn]]) {
        await callErrorOf(drained(call(connect(server.port, interceptors), header)));
        expect([...header]).toEqual([
          ["host", "elsewhere"],
          ["x-mine", "1"],
        ]);
      }
    });
  });
});

/** Reads the messages of a stream, too: its failure may come with them. */
async function drained(call: Promise<unknown>): Promise<void> {
  const { message } = (await call) as { message: AsyncIterable<unknown> };
  for await (const _one of message);
}
