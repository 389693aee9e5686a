// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import { createServer as createHttp2Server } from "node:http2";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";
import { type CertificateOptions, makeCertificate } from "../security/certificates.js";
import { startConnectProxy } from "../security/connect-proxy.js";
import { closeAfterTest, closedPort, httpAnswer, startRawServer } from "../transport/raw-server.js";
import { home } from "./home.js";
import { type Host, startHost } from "./host.js";
import { beginHere, runHere } from "./in-process.js";

const RUN = "networks/123/operations/reports/runs/456";
const AUTHORITY = makeCertificate({ name: "authority", authority: true });
const get = (baseUrl: string) => ["get", RUN, "--no-auth", "--retry", "0", "--endpoint", baseUrl];

/** A server whose certificate is as said. */
async function startServer(
  options: Partial<CertificateOptions> = { issuer: AUTHORITY },
  tls: TlsOptions = {},
): Promise<number> {
  const made = makeCertificate({ name: "server", dnsNames: ["localhost"], ...options });
  const server = createServer({ ...made, ...tls }, (_, response) =>
    response.end(JSON.stringify({ name: RUN })),
  );
  server.on("tlsClientError", () => undefined);
  return listening(server);
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

/** A process that trusts the authority. */
let host: Host;
beforeAll(() => {
  const file = join(home(), "authority.pem");
  writeFileSync(file, AUTHORITY.cert);
  host = startHost({ NODE_EXTRA_CA_CERTS: file });
});

describe("the command line says what to do about", () => {
  test("a certificate of an unknown authority", async () => {
    const port = await startServer();
    const { status, stderr } = await runHere(get(`https://localhost:${port}`));
    expect(status).toBeGreaterThan(64);
    expect(stderr).toMatch(/next: NODE_EXTRA_CA_CERTS=FILE names the authority/);
    expect(await host.run(get(`https://localhost:${port}`))).toMatchObject({ status: 0 });
  });

  test("a certificate that signs itself", async () => {
    const port = await startServer({});
    const { stderr } = await runHere(get(`https://localhost:${port}`));
    expect(stderr).toMatch(/next: NODE_EXTRA_CA_CERTS=FILE/);
  });

  test("a certificate of another host, or one that has expired", async () => {
    const other = await startServer({ issuer: AUTHORITY, dnsNames: ["other.example"] });
    const wrong = await host.run(get(`https://localhost:${other}`));
    expect(wrong.stderr).toContain(
      "next: the certificate is not for localhost: check the host of --endpoint",
    );
    const old = await startServer({ issuer: AUTHORITY, notAfter: "20210101000000Z" });
    const expired = await host.run(get(`https://localhost:${old}`));
    expect(expired.stderr).toContain("next: renew the server's certificate, or check this machine's clock");
  });

  test("a proxy that rejects the tunnel, or that is not there", async () => {
    const refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    const proxy = await startConnectProxy({ targetPort: 1, refusal });
    for (const port of [proxy.port, await closedPort()]) {
      const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
      const { stderr } = await host.run(get("https://api.example"), { env });
      expect(stderr).toMatch(/next: check HTTPS_PROXY, and that the proxy allows api\.example/);
      expect(stderr).not.toContain("not used");
    }
  });

  test("a proxy that asks for credentials", async () => {
    const refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    const { port } = await startConnectProxy({ targetPort: 1, refusal });
    for (const transport of ["rest", "grpc"]) {
      const env = { HTTPS_PROXY: `http://user:wrong-password@127.0.0.1:${port}` };
      const at = ["--api", "generic", "--transport", transport];
      const { stderr } = await host.run([...get("https://api.example"), ...at], { env });
      expect(stderr).toContain(
        "next: the proxy asks for credentials: check those of HTTPS_PROXY=http://USER:",
      );
      expect(stderr).not.toContain("wrong-password");
    }
  });

  test.each([
    [
      "rest",
      "http",
      "TLS",
      "closed the connection: check the port of --endpoint, and whether it expects https:",
    ],
    [
      "grpc",
      "http",
      "TLS",
      "closed the connection: check the port of --endpoint, and whether it expects https:",
    ],
    [
      "grpc",
      "https",
      "TLS",
      "no HTTP/2 is spoken there, which gRPC needs: check the port of --endpoint, or leave",
    ],
    [
      "grpc",
      "http",
      "plain",
      "no HTTP/2 is spoken there, which gRPC needs: check the port of --endpoint, or leave",
    ],
    ["grpc", "https", "plain", "no TLS is spoken there: check the port of --endpoint"],
    ["rest", "http", "h2c", "no HTTP/1.1 is spoken there: check the port of --endpoint; for a gRPC server,"],
    ["rest", "https", "mutual TLS", "localhost rejected the TLS handshake: check --endpoint"],
    ["grpc", "https", "mutual TLS", "localhost rejected the TLS handshake: check --endpoint"],
  ])(
    "another protocol: %s over %s: to a port of %s, and ends a wait",
    async (transport, scheme, server, text) => {
      const port = await startOther(server);
      const at = [
        "--endpoint",
        `${scheme}://localhost:${port}`,
        "--api",
        "generic",
        "--transport",
        transport,
      ];
      const wait = ["wait", "operations/1", "--no-auth", "--retry", "0", "--interval", "20ms", ...at];
      const { status, stderr } = await host.run(wait);
      expect(stderr).toContain(
        `next: ${scheme === "http" && server === "TLS" ? `http://localhost:${port} ` : ""}${text}`,
      );
      expect(status).toBeGreaterThan(64);
    },
  );

  test("a port where no TLS is spoken, and one where nothing listens", async () => {
    const plain = await startPlainServer();
    const wrong = await runHere(get(`https://localhost:${plain}`));
    expect(wrong.stderr).toContain("next: no TLS is spoken there: check the port of --endpoint");
    const closed = await closedPort();
    const nothing = await host.run(get(`https://localhost:${closed}`), {
      env: { HTTP_PROXY: "http://x.example" },
    });
    expect(nothing.stderr).toContain(`next: no response from https://localhost:${closed}`);
    expect(nothing.stderr).toContain("HTTP_PROXY is set, and not used: set HTTPS_PROXY");
  });
});

/** A server of another protocol than the one that is asked for. */
async function startOther(kind: string): Promise<number> {
  if (kind === "TLS") return startServer();
  if (kind === "plain") return startPlainServer();
  if (kind === "mutual TLS")
    return startServer(
      { issuer: AUTHORITY },
      { requestCert: true, ca: AUTHORITY.cert, ALPNProtocols: ["h2", "http/1.1"] },
    );
  const server = createHttp2Server((_, response) => response.end());
  return listening(server);
}

/** Answers anything at once, as a plain HTTP server answers a TLS handshake. */
async function startPlainServer(): Promise<number> {
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(httpAnswer(400)));
  });
  return listening(server);
}

test("the line that takes a wait up again has each flag as it was typed", async () => {
  const { baseUrl, received } = await startRawServer((socket) =>
    socket.write(httpAnswer(200, JSON.stringify({ name: RUN }), { "content-type": "application/json" })),
  );
  const wait = ["wait", RUN, "--no-auth", "--endpoint", baseUrl, "--interval", "20ms"];
  const { kill, ended } = beginHere([...wait, "--scopes", "a,b", "--header", "x-one: it's"]);
  await received(2);
  kill("SIGINT");
  expect((await ended).stderr).toContain(
    `longrunning wait ${RUN} --endpoint ${baseUrl} --header 'x-one: it'\\''s' --scopes a,b --no-auth --interval 20ms\n`,
  );
});

test.each([
  [["wait"], 0],
  [["watch"], 0],
  [["cancel", "--wait"], 5],
])("%s reports the first error that it goes on through, once", async (command, ended) => {
  const json = { "content-type": "application/json" };
  const { baseUrl } = await startRawServer((socket, _, index) => {
    const isTrouble = index > 0 && index < 4;
    const body = isTrouble
      ? { error: { code: 503, message: "busy", status: "UNAVAILABLE" } }
      : { name: RUN, done: index > 3 };
    socket.write(httpAnswer(isTrouble ? 503 : 200, JSON.stringify(body), json));
  });
  const at = ["--no-auth", "--endpoint", baseUrl, "--interval", "20ms", "--retry", "0"];
  const { status, stderr } = await runHere([...command, RUN, ...at]);
  expect(status).toBe(ended);
  expect(stderr.match(/still waiting for/g)).toHaveLength(1);
  expect(stderr).toContain(`still waiting for ${RUN}, after an error: GetOperation "${RUN}": busy`);
  expect((await runHere([...command, RUN, ...at, "--quiet"])).stderr).toBe("");
});
