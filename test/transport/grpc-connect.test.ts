// SPDX-License-Identifier: Apache-2.0
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { connectTo } from "../../src/transport/grpc/http2/connecting.js";
import { connectionError } from "../../src/transport/grpc/http2/errors.js";
import { resolveGrpcOptions } from "../../src/transport/grpc/http2/options.js";
import { LOOPBACK_RESOLVED } from "../../src/transport/loopback.js";
import { cert, key } from "../emulator/certificate.js";
import { startConnectProxy } from "../security/connect-proxy.js";
import { answerEmpty, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf } from "./grpc-peers.js";
import { closeAfterTest, closedPort } from "./raw-server.js";

const name = "operations/1";

const environment = { ...process.env };
beforeEach(() => {
  for (const variable of ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"]) delete process.env[variable];
});
afterAll(() => {
  process.env = environment;
});

describe("the error of a host with several addresses", () => {
  const refused = (address: string) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: "ECONNREFUSED" });

  test.each<[string, unknown, string]>([
    [
      "says what each of them said",
      new AggregateError([refused("::1:1"), refused("127.0.0.1:1")]),
      "cannot connect to dual.test:1: connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1",
    ],
    [
      "keeps a message of its own",
      new AggregateError([refused("::1:1")], "all failed"),
      "cannot connect to dual.test:1: all failed",
    ],
    [
      "says the code where there is nothing else",
      Object.assign(new AggregateError([]), { code: "ETIMEDOUT" }),
      "cannot connect to dual.test:1: ETIMEDOUT",
    ],
    ["ends in order without any reason", new AggregateError([]), "cannot connect to dual.test:1"],
  ])("%s", (_title, cause, message) => {
    expect(connectionError("cannot connect to dual.test:1", cause, false).status.message).toBe(message);
  });
});

describe("names of this machine", () => {
  test.each(["localhost", "x.localhost", "a.b.localhost"])(
    "%s is connected to a loopback address, whatever DNS says, and interceptors hear of it",
    async (host) => {
      const peer = await startFramePeer((wire, { stream }) => answerEmpty(wire, stream));
      const resolved: boolean[] = [];
      const ask: Interceptor = (next) => (request) => {
        resolved.push(request.contextValues.get(LOOPBACK_RESOLVED));
        return next(request);
      };
      const baseUrl = `http://${host}:${peer.port}`;
      const transport = closedAfterTest(createGrpcTransport({ baseUrl, interceptors: [ask] }));
      await createClient(Operations, transport).cancelOperation({ name });
      expect(resolved).toEqual([true]);
    },
  );

  test("a refused one says at which address", async () => {
    const port = await closedPort();
    const transport = closedAfterTest(createGrpcTransport({ baseUrl: `http://localhost:${port}` }));
    expect(await errorOf(createClient(Operations, transport).cancelOperation({ name }))).toMatchObject({
      code: Code.Unavailable,
      requestSent: false,
      message: expect.stringContaining(`cannot connect to localhost:${port}: connect ECONNREFUSED 127.0.0.1`),
    });
  });
});

describe("a proxy", () => {
  /** A gRPC server behind TLS, for the name that the certificate is for. */
  async function startTlsPeer(): Promise<number> {
    const server = createSecureServer({ cert, key });
    const sockets = new Set<Socket>();
    server.on("secureConnection", (socket) => sockets.add(socket));
    server.on("sessionError", () => undefined);
    server.on("tlsClientError", () => undefined);
    server.on("stream", (stream: ServerHttp2Stream) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });
    closeAfterTest(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return listen(server);
  }

  const baseUrl = "https://service.test:8443";
  const tls = { ca: cert, servername: "localhost" };
  const cancel = (options: Partial<Parameters<typeof createGrpcTransport>[0]> = {}) =>
    createClient(
      Operations,
      closedAfterTest(createGrpcTransport({ baseUrl, tls, ...options })),
    ).cancelOperation({ name });

  test("of the environment is used, by CONNECT, and TLS is spoken with the server", async () => {
    const proxy = await startConnectProxy({ targetPort: await startTlsPeer() });
    process.env.HTTPS_PROXY = `http://user:pass@127.0.0.1:${proxy.port}`;
    await cancel();
    expect(proxy.heads).toEqual([expect.stringMatching(/^CONNECT service\.test:8443 HTTP\/1\.1\r\n/)]);
    expect(proxy.heads[0]).toMatch(/\r\nproxy-authorization: Basic dXNlcjpwYXNz\r\n/i);
  });

  test("of the option wins over the environment", async () => {
    const proxy = await startConnectProxy({ targetPort: await startTlsPeer() });
    process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    process.env.NO_PROXY = "*";
    await cancel({ proxy: `http://127.0.0.1:${proxy.port}` });
    expect(proxy.heads).toHaveLength(1);
  });

  test.each<[string, Record<string, string>, false | undefined]>([
    ["NO_PROXY names the host", { NO_PROXY: "service.test" }, undefined],
    ["NO_PROXY names a domain above it", { no_proxy: ".test" }, undefined],
    ["the option says so", {}, false],
  ])("is not used when %s", async (_title, variables, proxyOption) => {
    const proxy = await startConnectProxy({ targetPort: await startTlsPeer() });
    Object.assign(process.env, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, ...variables });
    expect(await errorOf(cancel({ proxy: proxyOption }))).toMatchObject({ code: Code.Unavailable });
    expect(proxy.heads).toEqual([]);
  });

  test("is not used for this machine", async () => {
    const port = await startTlsPeer();
    const proxy = await startConnectProxy({ targetPort: port });
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    await cancel({ baseUrl: `https://localhost:${port}`, tls: { ca: cert } });
    expect(proxy.heads).toEqual([]);
  });

  test.each([
    [403, Code.FailedPrecondition],
    [407, Code.FailedPrecondition],
    [502, Code.Unavailable],
  ])(
    "that responds with %d ends the call, unsent, and is named without its credentials",
    async (status, code) => {
      const proxy = await startConnectProxy({
        targetPort: 1,
        refusal: `HTTP/1.1 ${status} no\r\ncontent-length: 0\r\n\r\n`,
      });
      process.env.HTTPS_PROXY = `http://user:secret@127.0.0.1:${proxy.port}`;
      const error = await errorOf(cancel());
      expect(error).toMatchObject({
        code,
        requestSent: false,
        message: expect.stringContaining(
          `the proxy http://127.0.0.1:${proxy.port} responded to CONNECT with`,
        ),
      });
      expect(JSON.stringify(error)).not.toContain("secret");
    },
  );

  test("that stays silent keeps neither the call beyond its deadline nor a socket", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      sockets.push(socket);
    });
    closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
    process.env.HTTPS_PROXY = `http://127.0.0.1:${await listen(server)}`;
    const operations = createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl, tls })));
    const call = operations.cancelOperation({ name }, { timeoutMs: 200 });
    expect(await errorOf(call)).toMatchObject({ code: Code.DeadlineExceeded, requestSent: false });
    for (const socket of sockets) {
      if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
    }
  });

  test.each<[string, object, RegExp]>([
    ["another scheme", { proxy: "socks5://secret@127.0.0.1" }, /proxy is not the URL of a proxy/],
    ["no text", { proxy: true }, /^proxy: not a URL/],
    [
      "http:",
      { baseUrl: "http://127.0.0.1:1", tls: undefined, proxy: "http://127.0.0.1:2" },
      /^proxy: given, but baseUrl is http:/,
    ],
  ])("is rejected at once with %s", (_title, options, message) => {
    let error: unknown;
    try {
      createGrpcTransport({ baseUrl, tls, ...options });
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("secret");
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("an attempt to connect to a server that stays silent in the TLS handshake", () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
  afterEach(() => jest.useRealTimers());

  test("ends after 20 seconds, by itself, and lets go of the socket", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const onError = jest.fn();
    const callbacks = { onConnection: jest.fn(), onError, onChange: jest.fn() };
    connectTo(resolveGrpcOptions({ baseUrl: `https://127.0.0.1:${port}` }), callbacks);
    const socket = await accepted;
    socket.resume().on("error", () => undefined);
    jest.advanceTimersByTime(19_999);
    expect(onError).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(onError.mock.calls).toMatchObject([[{ code: Code.Unavailable, requestSent: false }]]);
    expect(String(onError.mock.calls[0])).toContain("no connection within 20000 ms");
    await new Promise((resolve) => socket.once("close", resolve));
    expect(callbacks.onConnection).not.toHaveBeenCalled();
  });
});
