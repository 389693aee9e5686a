// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { Socket } from "node:net";
import { inspect } from "node:util";
import { HttpError } from "../../../src/transport/http/errors.js";
import { openTunnel } from "../../../src/transport/http/proxy.js";
import { proxyFor } from "../../../src/transport/http/proxy-environment.js";
import { makeCertificate } from "../../security/certificates.js";
import { startConnectProxy } from "../../security/connect-proxy.js";
import { closedPort, startRawServer } from "../raw-server.js";

const target = { host: "api.example.test", port: 443 };
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

function proxyAt(url: string) {
  const proxy = proxyFor("https://api.example.test", url);
  if (proxy === undefined) throw new Error("no proxy");
  return proxy;
}

/** Opens a tunnel through a proxy that answers CONNECT so. */
async function openThrough(answer: (socket: Socket) => void, signal?: AbortSignal) {
  const server = await startRawServer(answer);
  const proxy = proxyAt(`http://user:marker-of-a-secret@127.0.0.1:${server.port}`);
  return { server, tunnel: openTunnel({ proxy, ...target, signal }) };
}

test.each([
  ["api.example.test", 443, "api.example.test:443"],
  ["fe80::1", 8443, "[fe80::1]:8443"],
  ["[fe80::1]", 1, "[fe80::1]:1"],
])("asks for a tunnel to %s, port %d", async (host, port, authority) => {
  const server = await startRawServer((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
  const tunnel = await openTunnel({ proxy: proxyAt(server.baseUrl), host, port });
  tunnel.destroy();
  const [head = ""] = server.requests;
  expect(head).toMatch(`CONNECT ${authority} HTTP/1.1\r\n`);
  expect(head.toLowerCase()).toMatch(`\r\nhost: ${authority}\r\n`);
});

test("a tunnel brings what the proxy sent behind its head, then what the server sends", async () => {
  const { server, tunnel } = await openThrough((socket) =>
    socket.write("HTTP/1.1 200 OK\r\nvia: x\r\n\r\nfirst "),
  );
  const socket = await tunnel;
  socket.setEncoding("latin1");
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await server.received(2);
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    if (text.includes("first HTTP/1.1 200")) break;
  }
  expect(text).toMatch(/^first HTTP\/1\.1 200 OK/);
});

test("a tunnel has no body, whatever length the proxy announces (RFC 9110, section 9.3.6)", async () => {
  const { tunnel } = await openThrough((socket) =>
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc"),
  );
  const socket = await tunnel;
  expect(String((await once(socket, "data"))[0])).toBe("abc");
  socket.destroy();
});

test.each([
  ["100 Continue", "proxy"],
  ["201 Created", "proxy"],
  ["204 No Content", "proxy"],
  ["302 Found", "proxy"],
  ["403 Forbidden", "proxy"],
  ["404 Not Found", "proxy"],
  ["407 Proxy Authentication Required", "proxy"],
  ["408 Request Timeout", "connection"],
  ["429 Too Many Requests", "connection"],
  ["502 Bad Gateway", "connection"],
])(
  "HTTP %s opens no tunnel: kind %s, not sent, the proxy named without its credentials",
  async (status, kind) => {
    const { server, tunnel } = await openThrough((socket) =>
      socket.write(`HTTP/1.1 ${status}\r\nx-echo: marker-of-a-secret\r\n\r\n<html>`),
    );
    const error = await errorOf(tunnel);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ kind, requestSent: false });
    expect(String(error)).toContain(
      `https://api.example.test:443: the proxy ${server.baseUrl} responded to CONNECT with HTTP ${status.slice(0, 3)}`,
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("marker-of-a-secret");
    await server.closed(1);
  },
);

test.each<[string, string, RegExp]>([
  ["SSH-2.0-OpenSSH_9\r\n\r\n", "response", /responded to CONNECT with something that is not HTTP/],
  ["\x16\x03\x01\x02", "response", /responded to CONNECT with something that is not HTTP/],
  [
    `HTTP/1.1 200 OK\r\nx: ${"y".repeat(40_000)}`,
    "response",
    /responded to CONNECT with more than 16 KiB of headers/,
  ],
  ["HTTP/1.1 200 OK\r\n".concat("a: b\r\n".repeat(20_000)), "response", /more than 16 KiB of headers/],
])("what is no response to CONNECT opens no tunnel: %#", async (text, kind, why) => {
  const { server, tunnel } = await openThrough((socket) => socket.write(Buffer.from(text, "latin1")));
  const error = await errorOf(tunnel);
  expect(error).toMatchObject({ kind, requestSent: false, message: expect.stringMatching(why) });
  await server.closed(1);
});

test.each<[string, (socket: Socket) => void]>([
  ["at once", (socket) => socket.end()],
  ["with a reset", (socket) => socket.resetAndDestroy()],
  ["in its headers", (socket) => socket.end("HTTP/1.1 200 OK\r\nvia:")],
])("a proxy that breaks off %s is a connection error, not sent", async (_when, answer) => {
  const { tunnel } = await openThrough(answer);
  expect(await errorOf(tunnel)).toMatchObject({ kind: "connection", requestSent: false });
});

test("a proxy that is not there is a connection error with its reason", async () => {
  const proxy = proxyAt(`http://127.0.0.1:${await closedPort()}`);
  const error = await errorOf(openTunnel({ proxy, ...target }));
  expect(error).toMatchObject({ kind: "connection", requestSent: false });
  expect(String(error)).toMatch(/the proxy http:\/\/127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/);
});

test.each<[string, (socket: Socket) => void]>([
  ["says nothing", () => undefined],
  ["stops in its headers", (socket) => socket.write("HTTP/1.1 200 OK\r\nvia: ")],
])("an abort ends the attempt at a proxy that %s, and the connection to it", async (_what, answer) => {
  const controller = new AbortController();
  const { server, tunnel } = await openThrough(answer, controller.signal);
  const error = errorOf(tunnel);
  await server.received(1);
  const reason = new Error("given up");
  controller.abort(reason);
  expect(await error).toBe(reason);
  await server.closed(1);
});

test("a signal that has aborted before opens nothing", async () => {
  const reason = new Error("given up");
  const { server, tunnel } = await openThrough(() => undefined, AbortSignal.abort(reason));
  expect(await errorOf(tunnel)).toBe(reason);
  expect(server.requests).toEqual([]);
});

test("an abort after the tunnel stands does not touch it", async () => {
  const controller = new AbortController();
  const { tunnel } = await openThrough(
    (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"),
    controller.signal,
  );
  const socket = await tunnel;
  controller.abort();
  socket.write("GET / HTTP/1.1\r\n\r\n");
  expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1\.1 200/);
  socket.destroy();
});

test("the certificate of a proxy that speaks TLS is checked by the proxy's name", async () => {
  const authority = makeCertificate({ name: "Test authority", authority: true });
  const wrong = makeCertificate({ name: "proxy", issuer: authority, dnsNames: ["api.example.test"] });
  const { port } = await startConnectProxy({ targetPort: 1, tls: wrong });
  const proxy = proxyAt(`https://localhost:${port}`);
  const error = await errorOf(openTunnel({ proxy, ...target, ca: authority.cert }));
  expect(String(error)).toMatch(
    /the proxy https:\/\/localhost:\d+ cannot be used: .*localhost.* not in the cert/,
  );
});

describe("which proxy", () => {
  const environment = { HTTPS_PROXY: "http://proxy.test:3128", NO_PROXY: "excepted.test" };

  test("the option wins over the environment, for every host", () => {
    for (const origin of ["https://api.test", "https://excepted.test", "https://localhost"]) {
      expect(proxyFor(origin, "http://other.test:1", environment)?.origin).toBe("http://other.test:1");
      expect(proxyFor(origin, false, environment)).toBeUndefined();
    }
  });

  test.each(["https://localhost", "https://x.localhost", "https://127.0.0.1:1", "http://api.test"])(
    "the environment is not read for %s",
    (origin) => {
      const read: unknown[] = [];
      const environment = new Proxy({}, { get: (_, name) => void read.push(name) });
      expect(proxyFor(origin, undefined, environment)).toBeUndefined();
      expect(read).toEqual([]);
    },
  );

  test("there is none where the program may not read its environment", () => {
    const denied = new Proxy(
      {},
      {
        get: () => {
          throw new Error("NotCapable: requires env access");
        },
      },
    );
    expect(proxyFor("https://api.test", undefined, denied)).toBeUndefined();
  });

  test.each(["", "proxy.test:3128", "ftp://proxy.test", "http://user:marker-of-a-secret@"])(
    "%p is refused by the name of the option, and not repeated",
    (url) => {
      expect(() => proxyFor("https://api.test", url)).toThrow(/proxy is not the URL of a proxy; expected/);
      expect(() => proxyFor("https://api.test", url)).not.toThrow(/marker/);
    },
  );
});
