// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import { Client, connectivityState, credentials } from "@grpc/grpc-js";
import { OperationSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport } from "../../src/grpc.js";
import { closedAfterTest, errorOf, startConnectPeer } from "./grpc-peers.js";
import { closeAfterTest } from "./raw-server.js";

const startPeer = () =>
  startConnectPeer((router) => {
    router.service(Operations, { getOperation: ({ name }) => create(OperationSchema, { name }) });
  });

test("calls over the channel of a client that it is given, and leaves it open", async () => {
  const { port } = await startPeer();
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  closeAfterTest(async () => client.close());
  const transport = createGrpcJsTransport({ client });
  const operations = createClient(Operations, transport);
  expect(await operations.getOperation({ name: "operations/1" })).toMatchObject({ name: "operations/1" });
  await transport.close();
  expect(client.getChannel().getConnectivityState(false)).toBe(connectivityState.READY);
  expect(await errorOf(operations.getOperation({ name: "operations/1" }))).toMatchObject({
    code: Code.FailedPrecondition,
    requestSent: false,
  });
});

test("a client that its owner has closed fails calls as a CallError", async () => {
  const { port } = await startPeer();
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const operations = createClient(Operations, closedAfterTest(createGrpcJsTransport({ client })));
  await operations.getOperation({ name: "operations/1" });
  client.close();
  expect(
    await errorOf(operations.getOperation({ name: "operations/1" }, { timeoutMs: 5_000 })),
  ).toMatchObject({
    code: Code.FailedPrecondition,
    requestSent: false,
    operationName: "operations/1",
    message: expect.stringContaining("grpc-js cannot start the call: Channel has been shut down"),
  });
});

test("hands channel options on", async () => {
  const { port } = await startPeer();
  const operations = createClient(
    Operations,
    closedAfterTest(
      createGrpcJsTransport({
        address: `127.0.0.1:${port}`,
        credentials: credentials.createInsecure(),
        channelOptions: { "grpc.max_send_message_length": 10 },
      }),
    ),
  );
  expect(await errorOf(operations.getOperation({ name: "operations/too-long" }))).toMatchObject({
    code: Code.ResourceExhausted,
  });
});

test("takes messages up to maxResponseBytes", async () => {
  const { port } = await startPeer();
  const operations = createClient(
    Operations,
    closedAfterTest(
      createGrpcJsTransport({
        address: `127.0.0.1:${port}`,
        credentials: credentials.createInsecure(),
        maxResponseBytes: 20,
      }),
    ),
  );
  expect(await operations.getOperation({ name: "operations/1" })).toMatchObject({ name: "operations/1" });
  expect(await errorOf(operations.getOperation({ name: "operations/12345678901234567890" }))).toMatchObject({
    code: Code.ResourceExhausted,
  });
});

test.each([
  ["127.0.0.1:1", credentials.createInsecure(), "http://127.0.0.1:1"],
  ["dns:///localhost:2", credentials.createInsecure(), "http://localhost:2"],
  ["dns:localhost:3", credentials.createSsl(), "https://localhost:3"],
  ["example.test", undefined, "https://example.test"],
  ["unix:/run/service.sock", credentials.createInsecure(), "http://channel.invalid"],
])(
  "shows interceptors %s as an origin that tells whether it is encrypted",
  async (address, channelCredentials, origin) => {
    const urls: string[] = [];
    const stop: Interceptor = () => async (request) => {
      urls.push(request.url);
      throw new Error("far enough");
    };
    const own = createGrpcJsTransport({ address, credentials: channelCredentials, interceptors: [stop] });
    await errorOf(createClient(Operations, closedAfterTest(own)).getOperation({ name: "operations/1" }));
    const client = new Client(address, channelCredentials ?? credentials.createSsl());
    const given = createGrpcJsTransport({ client, interceptors: [stop] });
    await errorOf(createClient(Operations, given).getOperation({ name: "operations/1" }));
    client.close();
    const want = `${origin}/google.longrunning.Operations/GetOperation`;
    expect(urls).toEqual([want, want]);
  },
);
