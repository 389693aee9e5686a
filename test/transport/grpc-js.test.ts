// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import { type ChannelCredentials, Client, connectivityState, credentials } from "@grpc/grpc-js";
import { OperationSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport } from "../../src/grpc.js";
import { LOOPBACK_RESOLVED } from "../../src/transport/loopback.js";
import { startConnectProxy } from "../security/connect-proxy.js";
import { GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
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

const insecure = () => credentials.createInsecure();
const originRows: [
  address: string,
  made: ChannelCredentials | undefined,
  secure: boolean | undefined,
  origin: string,
][] = [
  ["127.0.0.1:1", insecure(), undefined, "http://127.0.0.1:1"],
  ["dns:///localhost:2", insecure(), undefined, "http://localhost:2"],
  ["ipv6:[::1]:80", insecure(), false, "http://[::1]"],
  ["dns:localhost:3", credentials.createSsl(), true, "https://localhost:3"],
  // What the channel does with them only the program knows that made them.
  ["example.test", credentials.createSsl(), undefined, "http://example.test"],
  ["unix:/run/service.sock", insecure(), undefined, "http://channel.invalid"],
];

test.each(originRows)(
  "shows interceptors %s as an origin that says whether it is encrypted",
  async (address, made, secure, origin) => {
    const urls: string[] = [];
    const stop: Interceptor = () => async (request) => {
      urls.push(request.url);
      expect(request.contextValues.get(LOOPBACK_RESOLVED)).toBe(false);
      throw new Error("far enough");
    };
    const own = createGrpcJsTransport({ address, credentials: made, secure, interceptors: [stop] });
    await errorOf(createClient(Operations, closedAfterTest(own)).getOperation({ name: "operations/1" }));
    const client = new Client(address, made ?? credentials.createSsl());
    const given = createGrpcJsTransport({ client, secure, interceptors: [stop] });
    await errorOf(createClient(Operations, given).getOperation({ name: "operations/1" }));
    client.close();
    const want = `${origin}/google.longrunning.Operations/GetOperation`;
    expect(urls).toEqual([want, want]);
  },
);

test("without credentials, a channel is encrypted", async () => {
  const urls: string[] = [];
  const stop: Interceptor = () => async (request) => {
    urls.push(request.url);
    throw new Error("far enough");
  };
  const transport = closedAfterTest(createGrpcJsTransport({ address: "example.test", interceptors: [stop] }));
  await errorOf(createClient(Operations, transport).getOperation({ name: "operations/1" }));
  expect(urls).toEqual(["https://example.test/google.longrunning.Operations/GetOperation"]);
});

describe("with a proxy in the environment", () => {
  const VARIABLES = ["grpc_proxy", "https_proxy", "http_proxy"];
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test.each(VARIABLES)("%s: calls to this machine go straight to it", async (variable) => {
    const { port } = await startPeer();
    const proxy = await startConnectProxy({ targetPort: port });
    for (const each of VARIABLES) delete process.env[each];
    process.env[variable] = `http://127.0.0.1:${proxy.port}`;
    for (const address of [`localhost:${port}`, `127.0.0.1:${port}`, `dns:///localhost:${port}`]) {
      const transport = closedAfterTest(createGrpcJsTransport({ address, credentials: insecure() }));
      await createClient(Operations, transport).getOperation({ name: "operations/1" });
    }
    expect(proxy.heads).toEqual([]);
  });

  test.each(VARIABLES)(
    "%s: a client that may go through it is not shown as one to this machine",
    async (variable) => {
      for (const each of VARIABLES) delete process.env[each];
      process.env[variable] = "http://127.0.0.1:1";
      const client = new Client("localhost:2", insecure());
      closeAfterTest(async () => client.close());
      const urls: string[] = [];
      const stop: Interceptor = () => async (request) => {
        urls.push(request.url);
        throw new Error("far enough");
      };
      const transport = createGrpcJsTransport({ client, interceptors: [stop] });
      await errorOf(createClient(Operations, transport).getOperation({ name: "operations/1" }));
      expect(urls).toEqual([expect.stringMatching(/^http:\/\/channel\.invalid\//)]);
    },
  );
});

test("call credentials in place of those of a channel are rejected, saying what to do", async () => {
  const transport = createGrpcJsTransport({ address: "127.0.0.1:1", credentials: credentials.createEmpty() });
  const call = createClient(Operations, transport).getOperation({ name: "operations/1" });
  expect(await errorOf(call)).toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
    message: expect.stringContaining("credentials: CallCredentials (expected ChannelCredentials, such as "),
  });
  await transport.close();
});

describe("a second copy of grpc-js", () => {
  let other: typeof import("@grpc/grpc-js");
  beforeAll(() => {
    jest.isolateModules(() => {
      other = jest.requireActual("@grpc/grpc-js");
    });
  });

  test.each<[string, () => object]>([
    [
      "insecure credentials",
      () => ({ address: "127.0.0.1:1", credentials: other.credentials.createInsecure() }),
    ],
    [
      "TLS credentials",
      () => ({ address: "127.0.0.1:1", credentials: other.credentials.createSsl(), secure: true }),
    ],
    [
      "a client",
      () => {
        const client = new other.Client("127.0.0.1:1", other.credentials.createInsecure());
        closeAfterTest(async () => client.close());
        return { client };
      },
    ],
  ])("%s of it are rejected before anything is sent, and close() resolves", async (_title, options) => {
    const transport = createGrpcJsTransport(options() as Parameters<typeof createGrpcJsTransport>[0]);
    const error = await errorOf(createClient(Operations, transport).getOperation({ name: "operations/1" }));
    expect(error).toMatchObject({
      code: Code.InvalidArgument,
      requestSent: false,
      message: expect.stringContaining("made by another copy of @grpc/grpc-js"),
    });
    await transport.close();
  });
});

test("secure: true with insecure credentials is rejected before anything is sent", async () => {
  const { port } = await startPeer();
  const transport = closedAfterTest(
    createGrpcJsTransport({ address: `127.0.0.1:${port}`, credentials: insecure(), secure: true }),
  );
  expect(
    await errorOf(createClient(Operations, transport).getOperation({ name: "operations/1" })),
  ).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
});

test.each([
  ["two messages", [5, 5], Code.Unimplemented],
  ["three messages in one piece", [15], Code.Unimplemented],
  ["no message", [], Code.Unimplemented],
])("a unary response of %s ends without a deadline of the call", async (_title, pieces, code) => {
  const peer = await startFramePeer((wire, { stream }) => {
    wire.headers(stream, GRPC_HEAD);
    for (const bytes of pieces) wire.data(stream, Buffer.alloc(bytes));
    wire.headers(stream, { "grpc-status": "0" }, { last: true });
  });
  const transport = closedAfterTest(
    createGrpcJsTransport({ address: `127.0.0.1:${peer.port}`, credentials: insecure() }),
  );
  const call = createClient(Operations, transport).cancelOperation({ name: "operations/1" });
  expect(await errorOf(call)).toMatchObject({ code, requestSent: true });
});
