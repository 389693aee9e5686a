// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator.js";
import { makeCertificate } from "../security/certificates.js";
import { type ConnectProxy, startConnectProxy } from "../security/connect-proxy.js";
import { closeAfterTest } from "../transport/raw-server.js";

const API_HOSTS = ["admanager.googleapis.com", "spanner.googleapis.com", "operations.example.com"];
const TOKEN_HOSTS = ["oauth2.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com"];

/** Google's hosts on this machine, behind a proxy: a program reaches them by their own names, and is changed in nothing. */
export interface GoogleHosts {
  readonly emulator: Emulator;
  readonly proxy: ConnectProxy;
  /** The paths that the token servers were asked for. */
  readonly tokenRequests: readonly string[];
  /** The environment that leads a program there. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts them; `folder` gets the certificate and credential files. Closed after the test. */
export async function startGoogleHosts(folder: string, options: EmulatorOptions): Promise<GoogleHosts> {
  const emulator = await startEmulator({ ...options, tls: { selfSigned: true }, allowHosts: API_HOSTS });
  closeAfterTest(() => emulator.close());
  const tokens = await startTokenServer();
  const proxy = await startConnectProxy({
    targetPort: (host) => (TOKEN_HOSTS.includes(host) ? tokens.port : emulator.port),
  });
  writeFileSync(join(folder, "corp-ca.pem"), emulator.ca ?? "");
  writeFileSync(join(folder, "all-ca.pem"), `${emulator.ca}${tokens.ca}`);
  writeFileSync(join(folder, "credential.json"), JSON.stringify(USER));
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;
  const env = {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NODE_EXTRA_CA_CERTS: join(folder, "all-ca.pem"),
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, "credential.json"),
    METADATA_SERVER_DETECTION: "none",
    OIDC_TOKEN: "subject",
    ACCESS_TOKEN: "token",
    API_KEY: "key",
  };
  return { emulator, proxy, tokenRequests: tokens.requests, env };
}

/** A user's login, as `gcloud auth application-default login` leaves it. */
const USER = { type: "authorized_user", client_id: "id", client_secret: "secret", refresh_token: "refresh" };

/** One server for all that issue tokens; those for impersonation differ in form. */
async function startTokenServer() {
  const authority = makeCertificate({ name: "token authority", authority: true });
  const { cert, key } = makeCertificate({ name: "tokens", issuer: authority, dnsNames: TOKEN_HOSTS });
  const requests: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    requests.push(request.url ?? "");
    response.setHeader("content-type", "application/json");
    const isImpersonation = request.url?.includes(":generateAccessToken");
    response.end(
      JSON.stringify(
        isImpersonation
          ? { accessToken: "robot", expireTime: "2100-01-01T00:00:00Z" }
          : { access_token: "federated", expires_in: 3600, token_type: "Bearer" },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port: (server.address() as AddressInfo).port, ca: authority.cert, requests };
}
