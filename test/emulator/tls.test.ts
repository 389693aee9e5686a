// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";
import { get, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { makeCertificate } from "../security/certificates.js";
import { cert, key } from "./certificate.js";

const nodeOptions = { ca: cert };

test("every protocol is served over TLS, on one port", async () => {
  await using emulator = await startEmulator({ tls: { cert, key } });
  const { baseUrl } = emulator;
  expect(baseUrl).toBe(`https://127.0.0.1:${emulator.port}`);
  const name = emulator.operations.start();
  const transports: Transport[] = [
    createGrpcTransport({ baseUrl, nodeOptions }),
    createGrpcWebTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "2", nodeOptions }),
  ];
  for (const transport of transports) {
    expect(await createClient(Operations, transport).getOperation({ name })).toMatchObject({ name });
  }
  const status = await new Promise((resolve, reject) => {
    const request = get(`${baseUrl}/v1/${name}`, { ca: cert, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
  });
  expect(status).toBe(200);
  expect(emulator.calls.map(({ protocol }) => protocol)).toEqual(["grpc", "grpc-web", "connect", "rest"]);
});

/** The status of a request over TLS, or the code of the error that ended it. */
function tlsStatus(baseUrl: string, options: RequestOptions): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get(`${baseUrl}/v1/operations`, { agent: false, ...options }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

test.each(["127.0.0.1", "localhost", "[::1]"])(
  "a self-signed certificate is good for %s, and for who trusts it",
  async (host) => {
    await using emulator = await startEmulator({ host: "::", tls: { selfSigned: true } });
    const url = `https://${host}:${emulator.port}`;
    expect(await tlsStatus(url, { ca: emulator.ca })).toBe(200);
    expect(await tlsStatus(url, {})).toMatch(
      /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO)/,
    );
  },
);

test("the authority of a self-signed certificate is one, with an end, and signs nothing else", async () => {
  await using emulator = await startEmulator({ tls: { selfSigned: true }, allowHosts: ["emulator"] });
  await using other = await startEmulator({ tls: { selfSigned: true } });
  const authority = new X509Certificate(emulator.ca ?? "");
  expect([authority.ca, authority.verify(authority.publicKey)]).toEqual([true, true]);
  expect(Date.parse(authority.validTo) - Date.now()).toBeLessThan(398 * 86_400_000);
  expect(await tlsStatus(emulator.baseUrl, { ca: emulator.ca, servername: "emulator" })).toBe(200);
  expect(await tlsStatus(emulator.baseUrl, { ca: other.ca })).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

test("clients without a certificate of the authority are turned away, where one is named", async () => {
  const authority = makeCertificate({ name: "clients", authority: true });
  const client = makeCertificate({ name: "client", issuer: authority });
  const stranger = makeCertificate({ name: "client" });
  await using emulator = await startEmulator({ tls: { selfSigned: true, clientCa: authority.cert } });
  const { baseUrl, ca } = emulator;
  expect(await tlsStatus(baseUrl, { ca, cert: client.cert, key: client.key })).toBe(200);
  expect(await tlsStatus(baseUrl, { ca, cert: stranger.cert, key: stranger.key })).not.toBe(200);
  expect(await tlsStatus(baseUrl, { ca })).not.toBe(200);
});

test("bytes that are no TLS do it no harm", async () => {
  await using emulator = await startEmulator({ tls: { cert, key } });
  await new Promise((resolve) => {
    const socket = connect(emulator.port, "127.0.0.1");
    socket.on("error", () => undefined).on("close", resolve);
    socket.resume().write("GET / HTTP/1.1\r\n\r\n");
  });
  const transport = createGrpcTransport({ baseUrl: emulator.baseUrl, nodeOptions });
  const name = emulator.operations.start();
  expect(await createClient(Operations, transport).getOperation({ name })).toMatchObject({ name });
});

const other = makeCertificate({ name: "localhost" });
const der = new X509Certificate(cert).raw;
test.each([
  ["nothing", { cert: "", key: "" }, "tls.cert: cannot be used ("],
  ["a folder's bytes", { cert: Buffer.alloc(300, 7), key }, "tls.cert: cannot be used ("],
  ["the key as certificate", { cert: key, key: cert }, "expected a certificate in PEM)"],
  ["a certificate in DER", { cert: der, key }, "tls.cert: cannot be used ("],
  ["no key", { cert, key: "" }, "tls.key: cannot be used ("],
  ["the certificate as key", { cert, key: cert }, "tls.key: cannot be used ("],
  ["another certificate's key", { cert, key: other.key }, "expected the private key of tls.cert in PEM"],
  ["an authority that is a key", { cert, key, clientCa: key }, "tls.clientCa: cannot be used ("],
  ["an authority of no bytes", { cert, key, clientCa: "" }, "tls.clientCa: cannot be used ("],
  ["a self-signed one's authority", { selfSigned: true, clientCa: "x" } as const, "tls.clientCa: cannot"],
  ["a misspelt option", { cert, key, clientCA: cert }, 'tls: unknown option "clientCA"'],
])("TLS with %s is an error that names the option", async (_, tls, message) => {
  await expect(startEmulator({ tls })).rejects.toThrow(TypeError);
  await expect(startEmulator({ tls })).rejects.toThrow(message);
});
