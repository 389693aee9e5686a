// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { proxyFor } from "../../src/transport/http/proxy-environment.js";
import { closedPort, httpAnswer, startRawServer } from "../transport/raw-server.js";
import { callErrorOf, createTestTransport } from "../transport/rest-fixture.js";
import { makeCertificate } from "./certificates.js";
import { startConnectProxy } from "./connect-proxy.js";
import { startTlsServer } from "./tls-server.js";

const VARIABLES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"];
const before = { ...process.env };
beforeEach(() => {
  for (const variable of VARIABLES) delete process.env[variable];
});
afterAll(() => {
  for (const variable of VARIABLES) delete process.env[variable];
  Object.assign(process.env, before);
});

const authority = makeCertificate({ name: "Test authority", authority: true });
const server = makeCertificate({
  name: "server",
  issuer: authority,
  dnsNames: ["api.example.test", "localhost"],
  addresses: ["127.0.0.1"],
});

const operationsAt = (baseUrl: string) =>
  createClient(Operations, createTestTransport({ baseUrl, tls: { ca: authority.cert } }));
const call = (baseUrl: string, timeoutMs = 5_000) =>
  operationsAt(baseUrl).getOperation({ name: "operations/1" }, { timeoutMs });

describe("a call to a host that the environment has a proxy for", () => {
  test.each(["https_proxy", "HTTPS_PROXY"])("goes through the tunnel of %s, inside TLS", async (variable) => {
    const { port: targetPort, hosts } = await startTlsServer(server);
    const proxy = await startConnectProxy({ targetPort });
    process.env[variable] = `http://127.0.0.1:${proxy.port}`;
    const operations = operationsAt("https://api.example.test");
    for (let n = 1; n <= 7; n++) await operations.getOperation({ name: `operations/${n}` });
    const tunnels = new Set(proxy.heads);
    expect(tunnels).toEqual(
      new Set([
        "CONNECT api.example.test:443 HTTP/1.1\r\nhost: api.example.test:443\r\nConnection: close\r\n\r\n",
      ]),
    );
    expect(proxy.heads).toHaveLength(1); // a tunnel is kept
    expect(hosts).toEqual(Array(7).fill("api.example.test"));
  });

  test("goes through a proxy that is spoken to over TLS", async () => {
    const { port: targetPort } = await startTlsServer(server);
    const proxy = await startConnectProxy({ targetPort, tls: server });
    process.env.HTTPS_PROXY = `https://localhost:${proxy.port}`;
    await call("https://api.example.test:8443");
    expect(proxy.heads[0]).toMatch(/^CONNECT api\.example\.test:8443 HTTP/);
  });

  test("shows the proxy the credentials of its URL, and nobody else", async () => {
    const { port: targetPort } = await startTlsServer(server);
    const proxy = await startConnectProxy({ targetPort });
    process.env.HTTPS_PROXY = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
    await call("https://api.example.test");
    const [, credentials = ""] = /proxy-authorization: Basic (\S+)\r\n/.exec(proxy.heads[0] ?? "") ?? [];
    expect(Buffer.from(credentials, "base64").toString()).toBe("user:p@ss");
  });

  test("checks the certificate of the server, not of the proxy", async () => {
    const { port: targetPort, hosts } = await startTlsServer(server);
    const proxy = await startConnectProxy({ targetPort });
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const error = await callErrorOf(call("https://other.example.test"));
    expect(error).toMatchObject({ code: Code.Unavailable, requestSent: false });
    expect(error.message).toMatch(/other\.example\.test.* is not in the cert's altnames/);
    expect(hosts).toEqual([]);
  });

  test.each([
    [
      "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
      "failed-precondition",
      /responded to CONNECT with HTTP 407/,
    ],
    ["HTTP/1.1 403 Forbidden\r\n\r\n<html>", "failed-precondition", /responded to CONNECT with HTTP 403/],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "unavailable", /responded to CONNECT with HTTP 502/],
    ["SSH-2.0-OpenSSH_9\r\n\r\n", "internal", /responded to CONNECT with something that is not HTTP/],
    [`HTTP/1.1 200 x\r\nx: ${"y".repeat(20_000)}`, "internal", /more than 16 KiB of headers/],
    ["", "unavailable", /closed the connection before it responded to CONNECT/],
  ])(
    "fails when the proxy says %p: which proxy and which host, without credentials",
    async (refusal, reason, why) => {
      const proxy = await startConnectProxy({ targetPort: 1, refusal });
      process.env.HTTPS_PROXY = `http://user:marker-of-a-secret@127.0.0.1:${proxy.port}`;
      const error = await callErrorOf(call("https://api.example.test"));
      expect(error).toMatchObject({ reason, requestSent: false, operationName: "operations/1" });
      expect(error.message).toMatch(why);
      expect(error.message).toContain(
        `https://api.example.test:443: the proxy http://127.0.0.1:${proxy.port} `,
      );
      expectNoSecret(error);
    },
  );

  test("fails when there is no proxy at that address", async () => {
    const port = await closedPort();
    process.env.HTTPS_PROXY = `http://user:marker-of-a-secret@127.0.0.1:${port}`;
    const error = await callErrorOf(call("https://api.example.test"));
    expect(error).toMatchObject({ reason: "unavailable", requestSent: false });
    expect(error.message).toMatch(`the proxy http://127.0.0.1:${port} cannot be used: `);
    expect(error.message).toContain("ECONNREFUSED");
    expectNoSecret(error);
  });

  test("ends at its deadline when the proxy is silent, and leaves no connection", async () => {
    const proxy = await startRawServer(() => undefined);
    process.env.HTTPS_PROXY = proxy.baseUrl;
    expect(await callErrorOf(call("https://api.example.test", 60))).toMatchObject({
      reason: "deadline-exceeded",
    });
    await proxy.closed(1);
  });

  test.each(["marker-of-a-secret", "socks5://user:marker-of-a-secret@127.0.0.1:1", "http://"])(
    "is refused for the proxy %p, which is not repeated",
    async (proxy) => {
      process.env.HTTPS_PROXY = proxy;
      const error = await callErrorOf(call("https://api.example.test"));
      expect(error).toMatchObject({ reason: "failed-precondition", requestSent: false });
      expect(error.message).toContain("HTTPS_PROXY is not the URL of a proxy");
      expectNoSecret(error);
    },
  );
});

test.each(["https://localhost", "https://127.0.0.1", "https://service.localhost", "https://[::1]"])(
  "this machine is never asked for through a proxy: %s",
  (origin) => {
    expect(proxyFor(origin, undefined, { HTTPS_PROXY: "http://proxy.test:3128" })).toBeUndefined();
  },
);

test("a call to this machine does not touch the proxy", async () => {
  const target = await startTlsServer(server);
  const proxy = await startConnectProxy({ targetPort: target.port });
  process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
  process.env.HTTP_PROXY = process.env.HTTPS_PROXY;
  await call(`https://localhost:${target.port}`);
  const plain = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
  const operations = createClient(Operations, createTestTransport({ baseUrl: plain.baseUrl }));
  await operations.getOperation({ name: "operations/1" });
  expect(proxy.heads).toEqual([]);
});

test.each<[noProxy: string, origin: string, proxied: boolean]>([
  ["", "https://api.example.com", true],
  ["example.com", "https://example.com", false],
  ["example.com", "https://api.example.com", false],
  ["example.com", "https://badexample.com", true],
  [".example.com", "https://api.example.com", false],
  ["*.example.com", "https://api.example.com", false],
  ["EXAMPLE.COM", "https://api.example.com", false],
  ["other.test, example.com", "https://api.example.com", false],
  ["other.test example.com", "https://api.example.com", false],
  ["example.com:8443", "https://api.example.com", true],
  ["example.com:8443", "https://api.example.com:8443", false],
  ["example.com:443", "https://api.example.com", false],
  ["*", "https://api.example.com", false],
  ["10.0.0.1", "https://10.0.0.1", false],
  ["10.0.0.0/8", "https://10.0.0.1", true], // ranges are not understood
  ["[fe80::1]", "https://[fe80::1]", false],
  ["fe80::1", "https://[fe80::1]:8443", false],
])("NO_PROXY=%p and %s: proxied is %p", (noProxy, origin, proxied) => {
  const HTTPS_PROXY = "http://proxy.test:3128";
  expect(proxyFor(origin, undefined, { HTTPS_PROXY, NO_PROXY: noProxy }) !== undefined).toBe(proxied);
});

test("a variable in lower case wins over its twin, even when it is empty", () => {
  const HTTPS_PROXY = "http://upper.test:1";
  const origin = "https://api.example.com";
  expect(proxyFor(origin, undefined, { HTTPS_PROXY, https_proxy: "http://lower.test" })).toMatchObject({
    origin: "http://lower.test",
    port: 80,
  });
  expect(proxyFor(origin, undefined, { HTTPS_PROXY, https_proxy: "" })).toBeUndefined();
  expect(proxyFor(origin, undefined, { HTTPS_PROXY, NO_PROXY: "*", no_proxy: "" })).toBeDefined();
});

test("there is no proxy for http:, which would send a request unencrypted", () => {
  expect(
    proxyFor("http://api.example.com", undefined, {
      HTTPS_PROXY: "http://p.test",
      HTTP_PROXY: "http://p.test",
    }),
  ).toBe(undefined);
});

/** Looks for the marker in everything that could be printed of an error. */
function expectNoSecret(error: Error): void {
  const { cause } = error;
  const everything = [
    inspect(error, { depth: 9, showHidden: true }),
    inspect(cause, { depth: 9 }),
    error.stack,
  ];
  expect(everything.join("\n")).not.toContain("marker-of-a-secret");
  expect(everything.join("\n")).not.toContain(Buffer.from("user:marker-of-a-secret").toString("base64"));
}
