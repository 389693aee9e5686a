// SPDX-License-Identifier: Apache-2.0
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import nock from "nock";
import { MockAgent, ProxyAgent } from "undici";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createAdManagerClient } from "../../src/admanager.js";
import type { Fetch, HttpOptions } from "../../src/index.js";
import { LOOPBACK_RESOLVED } from "../../src/transport/loopback.js";
import { makeCertificate } from "../security/certificates.js";
import { startConnectProxy } from "../security/connect-proxy.js";
import { startTlsServer } from "../security/tls-server.js";
import { bundleProgram } from "./child-program.js";
import { closeAfterTest, httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, testAgent } from "./rest-fixture.js";

const baseUrl = "https://example.com/x";
const name = "operations/1";
const clientOf = (options: HttpOptions, url = baseUrl) =>
  createClient(Operations, createTestTransport({ baseUrl: url, ...options }));

test("msw sees the calls of the default engine", async () => {
  // In a process of its own: msw is ES modules, which Jest's CommonJS does not load.
  const program = bundleProgram("test/transport/msw-program.ts");
  try {
    const { output } = await program.run();
    expect(output).toBe(
      "GET https://example.com/x/v1/operations/1\noperations/1 true\n" +
        "POST https://example.com/x/v1/operations/1:cancel {}\nnot-found\n",
    );
  } finally {
    program.remove();
  }
});

test("nock sees the calls of the default engine", async () => {
  const scope = nock("https://example.com")
    .get(`/x/v1/${name}`)
    .reply(200, { name, done: true })
    .post(`/x/v1/${name}:cancel`, {})
    .reply(503, "down");
  try {
    const client = clientOf({});
    expect(await client.getOperation({ name })).toMatchObject({ name, done: true });
    expect(await callErrorOf(client.cancelOperation({ name }))).toMatchObject({ code: Code.Unavailable });
    expect(scope.isDone()).toBe(true);
  } finally {
    nock.restore();
    nock.cleanAll();
  }
});

test("a MockAgent of undici responds as a dispatcher", async () => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent
    .get("https://example.com")
    .intercept({ path: `/x/v1/${name}` })
    .reply(200, { name, done: true });
  expect(await clientOf({ dispatcher: agent }).getOperation({ name })).toMatchObject({ name, done: true });
  await agent.close();
});

test("a ProxyAgent of undici brings its own proxy and certificates", async () => {
  const authority = makeCertificate({ name: "Test authority", authority: true });
  const target = await startTlsServer(
    makeCertificate({ name: "server", issuer: authority, dnsNames: ["api.example.test"] }),
  );
  const proxy = await startConnectProxy({ targetPort: target.port });
  const agent = new ProxyAgent({ uri: `http://127.0.0.1:${proxy.port}`, requestTls: { ca: authority.cert } });
  closeAfterTest(() => agent.destroy());
  await clientOf({ dispatcher: agent }, "https://api.example.test").getOperation({ name });
  expect(target.hosts).toEqual(["api.example.test"]);
  expect(proxy.heads).toHaveLength(1);
});

test("a dispatcher's own timeouts do not end a call", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
  const timeouts: unknown[] = [];
  const dispatcher = testAgent().compose((dispatch) => (options, handler) => {
    timeouts.push(options.headersTimeout, options.bodyTimeout);
    return dispatch(options, handler);
  });
  await clientOf({ dispatcher }, server.baseUrl).getOperation({ name });
  expect(timeouts).toEqual([0, 0]);
});

test("an interceptor of a dispatcher may copy the handler, and call its functions by themselves", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, `{"name":"${name}"}`)));
  const ended: unknown[] = [];
  const dispatcher = testAgent().compose((dispatch) => (options, handler) => {
    const { onResponseEnd } = handler;
    const copy: typeof handler = {
      ...handler,
      onResponseEnd: (controller, trailers) => {
        ended.push(options.path);
        onResponseEnd?.(controller, trailers);
      },
    };
    return dispatch(options, copy);
  });
  expect(await clientOf({ dispatcher }, server.baseUrl).getOperation({ name })).toMatchObject({ name });
  expect(ended).toEqual([`/v1/${name}`]);
});

test("a dispatcher is not closed with the transport", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
  const dispatcher = testAgent();
  for (let round = 0; round < 2; round++) {
    const transport = createTestTransport({ baseUrl: server.baseUrl, dispatcher });
    await createClient(Operations, transport).getOperation({ name });
    await transport.close();
  }
  expect(dispatcher.closed).toBe(false);
});

test("a fetch gets requests as they are, without redirects, and a signal", async () => {
  const calls: Parameters<Fetch>[] = [];
  const own: Fetch = async (...call) => {
    calls.push(call);
    return Response.json({ name });
  };
  await clientOf({ fetch: own }).getOperation({ name });
  expect(calls).toMatchObject([
    [
      `${baseUrl}/v1/${name}`,
      { method: "GET", body: null, redirect: "manual", signal: expect.any(AbortSignal) },
    ],
  ]);
});

test.each<[string, unknown, Code]>([
  ["a lost connection", Object.assign(new Error("read"), { code: "ECONNRESET" }), Code.Unavailable],
  [
    "what fetch throws",
    new TypeError("fetch failed", { cause: { code: "ENOTFOUND", message: "x" } }),
    Code.Unavailable,
  ],
  ["anything else", new Error("out of paper"), Code.Unavailable],
])("a fetch may throw %s", async (_what, error, code) => {
  const client = clientOf({ fetch: () => Promise.reject(error) });
  expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({ code, operationName: name });
});

test("createAdManagerClient takes the same options", async () => {
  const runName = "networks/1/operations/reports/runs/2";
  const urls: string[] = [];
  const own: Fetch = async (url) => {
    urls.push(url);
    return Response.json({ name: runName, done: false });
  };
  const client = createAdManagerClient({ auth: false, fetch: own });
  await client.getOperation(runName);
  expect(urls).toEqual([expect.stringContaining(`https://admanager.googleapis.com/v1/${runName}`)]);
  expect(() => createAdManagerClient({ auth: false, fetch: own, maxSockets: 3 })).toThrow(
    /maxSockets: given beside/,
  );
});

describe("a name of this machine", () => {
  const trusted: boolean[] = [];
  const watch: Interceptor = (next) => (request) => {
    trusted.push(request.contextValues.get(LOOPBACK_RESOLVED));
    return next(request);
  };
  const trustOf = async (url: string, options: HttpOptions = {}) => {
    trusted.length = 0;
    const transport = createTestTransport({ baseUrl: url, interceptors: [watch], ...options });
    await createClient(Operations, transport)
      .getOperation({ name }, { timeoutMs: 5_000 })
      .catch(() => undefined);
    return trusted;
  };

  test.each(["localhost", "evil.localhost", "a.b.localhost"])(
    "%s leads to it, and interceptors know",
    async (host) => {
      const server = await startRawServer((socket) =>
        socket.write(httpAnswer(200, '{"name":"operations/1"}')),
      );
      expect(await trustOf(`http://${host}:${server.port}`)).toEqual([true]);
      expect(server.requests[0]?.toLowerCase()).toContain(`\r\nhost: ${host}:${server.port}\r\n`);
    },
  );

  test("is not known to lead to it through what the caller brings", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
    const url = `http://localhost:${server.port}`;
    expect(await trustOf(url, { fetch })).toEqual([false]);
    expect(await trustOf(url, { dispatcher: testAgent() })).toEqual([false]);
    expect(await trustOf(server.baseUrl)).toEqual([false]); // an address says it all by itself
  });
});
