// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { bundleProgram } from "../transport/child-program.js";
import { closeAfterTest } from "../transport/raw-server.js";
import { callErrorOf } from "../transport/rest-fixture.js";
import { makeCertificate } from "./certificates.js";
import { startTlsServer } from "./tls-server.js";

const authority = makeCertificate({ name: "Test authority", authority: true });
const strangers = makeCertificate({ name: "Strangers' authority", authority: true });
const forLocalhost = { issuer: authority, dnsNames: ["localhost"], addresses: ["127.0.0.1"] };
const honest = makeCertificate({ name: "server", ...forLocalhost });
const ofStrangers = makeCertificate({ name: "server", ...forLocalhost, issuer: strangers });
const expired = makeCertificate({ name: "server", ...forLocalhost, notAfter: "20210101000000Z" });
const elsewhere = makeCertificate({ name: "server", issuer: authority, dnsNames: ["elsewhere.test"] });
const selfSigned = makeCertificate({ name: "localhost", dnsNames: ["localhost"] });
const me = makeCertificate({ name: "client of this test", issuer: authority });
const stranger = makeCertificate({ name: "stranger", issuer: strangers });

interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

type Connect = (baseUrl: string, tls: Tls) => Transport & { close(): Promise<void> };

const transports: [name: string, connect: Connect][] = [
  ["REST", (baseUrl, tls) => createRestTransport({ baseUrl, tls })],
  ["gRPC", (baseUrl, tls) => createGrpcTransport({ baseUrl, tls })],
];

describe.each(transports)("over %s", (_name, connect) => {
  const call = (baseUrl: string, tls: Tls = {}) => {
    const transport = connect(baseUrl, tls);
    closeAfterTest(() => transport.close());
    return createClient(Operations, transport).getOperation({ name: "operations/1" }, { timeoutMs: 5_000 });
  };

  test.each(["localhost", "127.0.0.1"])("trusts a private authority for %s", async (host) => {
    const { port, hosts } = await startTlsServer(honest);
    await call(`https://${host}:${port}`, { ca: authority.cert });
    expect(hosts).toEqual([`${host}:${port}`]);
  });

  test("shows a client certificate where one is asked for", async () => {
    const { port, clients } = await startTlsServer({ ...honest, ca: authority.cert, requestCert: true });
    await call(`https://localhost:${port}`, { ca: authority.cert, cert: me.cert, key: me.key });
    expect(clients).toEqual(["client of this test"]);
  });

  test("asks for and checks another name than the host's where it is told to", async () => {
    const { port } = await startTlsServer(elsewhere);
    await call(`https://localhost:${port}`, { ca: authority.cert, servername: "elsewhere.test" });
  });

  test.each([
    ["from an authority that nobody knows", honest, undefined, /unable to verify the first certificate/],
    ["from another authority", ofStrangers, authority, /unable to verify the first certificate/],
    ["that it has signed itself", selfSigned, authority, /self-signed certificate/],
    ["that has expired", expired, authority, /certificate has expired/],
    [
      "for another host",
      elsewhere,
      authority,
      /localhost.* is not in the cert's altnames: DNS:elsewhere\.test/,
    ],
  ])(
    "a server with a certificate %s: which host and why; nothing is sent",
    async (_title, server, ca, why) => {
      const { port, hosts } = await startTlsServer(server);
      const error = await callErrorOf(call(`https://localhost:${port}`, ca && { ca: ca.cert }));
      expect(error).toMatchObject({
        code: Code.Unavailable,
        requestSent: false,
        operationName: "operations/1",
      });
      expect(error.message).toContain(`localhost:${port}`);
      expect(error.message).toMatch(why);
      expect(hosts).toEqual([]);
    },
  );

  test.each([
    ["no client certificate", undefined],
    ["a stranger's client certificate", stranger],
  ])(
    "a server that insists on a client certificate, and %s: which host; no request gets there",
    async (_title, own) => {
      const { port, hosts } = await startTlsServer({
        ...honest,
        ca: authority.cert,
        requestCert: true,
        rejectUnauthorized: true,
      });
      const error = await callErrorOf(
        call(`https://localhost:${port}`, {
          ca: authority.cert,
          ...(own && { cert: own.cert, key: own.key }),
        }),
      );
      // TLS 1.3 tells the client after it has begun to send: what went wrong reaches it as an alert, or as a reset.
      expect(error).toMatchObject({ code: Code.Unavailable });
      expect(error.message).toContain(`localhost:${port}`);
      expect(hosts).toEqual([]);
    },
  );
});

test("NODE_EXTRA_CA_CERTS is enough for both", async () => {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-ca-"));
  const file = join(folder, "ca.pem");
  writeFileSync(file, authority.cert);
  const { port } = await startTlsServer(honest);
  const programs = [{}, { NODE_EXTRA_CA_CERTS: file }].map((env) =>
    bundleProgram("test/security/tls-program.ts", env),
  );
  const [without, with_] = await Promise.all(
    programs.map((program) => program.run(`https://localhost:${port}`)),
  );
  for (const program of programs) program.remove();
  rmSync(folder, { recursive: true });
  expect(with_?.output).toBe("createRestTransport: answered\ncreateGrpcTransport: answered\n");
  expect(without?.output).toMatch(
    /^createRestTransport: .*unable to verify.*\ncreateGrpcTransport: .*unable to verify/,
  );
});
