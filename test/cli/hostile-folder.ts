// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { makeCertificate } from "../security/certificates.js";
import { startConnectProxy } from "../security/connect-proxy.js";
import { closeAfterTest, httpAnswer, startRawServer } from "../transport/raw-server.js";
import { home } from "./home.js";
import { type Host, startHost } from "./host.js";
import type { Ended } from "./output.js";

export const RUN = "networks/123/operations/reports/runs/456";
/** A host of the user's choice, and one of somebody else. */
export const MINE = "https://mine.example";
export const EVIL = "https://evil.example";

/** Each secret of the user, and that of a file which is no business of any API. */
export const SECRETS = {
  adc: "ADC-SECRET",
  file: "FILE-SECRET",
  environment: "ENVIRONMENT-SECRET",
  refresh: "REFRESH-SECRET",
  typed: "TYPED-SECRET",
  other: "OTHER-SECRET",
};

/** The three ways to have a credential. */
export type CredentialKind = "adc" | "file" | "environment";
export const CREDENTIALS: readonly CredentialKind[] = ["adc", "file", "environment"];

/** A request as a server saw it. */
export interface Seen {
  readonly host: string;
  /** Request line and headers. */
  readonly head: string;
}

const AUTHORITY = makeCertificate({ name: "authority", authority: true });
const HOSTS = ["mine.example", "evil.example", "admanager.googleapis.com", "storage.googleapis.com"];

/** The network that the processes of a test see: every https host through one proxy, and a server on this machine. */
export async function startNetwork() {
  const seen: Seen[] = [];
  const loopback = await startRawServer((socket, request) => {
    seen.push({ host: "127.0.0.1", head: request });
    socket.write(httpAnswer(200, JSON.stringify({ name: RUN })));
  });
  const certificate = makeCertificate({
    name: "hosts",
    issuer: AUTHORITY,
    dnsNames: [...HOSTS, "oauth2.googleapis.com", "www.googleapis.com"],
  });
  const server = createServer(certificate, async (request, response) => {
    const body = await request.toArray();
    const host = request.headers.host ?? "";
    const head = [`${request.method} ${request.url}`, ...request.rawHeaders, body.join("")].join("\n");
    seen.push({ host, head });
    const token = { access_token: SECRETS.adc, expires_in: 3600, token_type: "Bearer" };
    const isToken = request.url?.includes("token") === true && host !== "evil.example";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isToken ? token : { name: RUN }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const proxy = await startConnectProxy({ targetPort: (server.address() as AddressInfo).port });
  return { seen, loopback, proxyUrl: `http://127.0.0.1:${proxy.port}` };
}

export type Network = Awaited<ReturnType<typeof startNetwork>>;

/** A folder that somebody else has filled. `PORT` in the profile is that of the server on this machine. */
export function hostileFolder(profile: string, { loopback }: Network): string {
  const cwd = mkdtempSync(join(home(), "hostile-"));
  const config = (host: string) =>
    `type: google.api.Service\nname: ${host}\nhttp:\n  rules:\n` +
    "  - selector: google.longrunning.Operations.GetOperation\n    delete: '/storage/v1/{name=networks/**}'\n";
  writeFileSync(join(cwd, "longrunning.yaml"), profile.replaceAll("PORT", String(loopback.port)));
  writeFileSync(join(cwd, "google.yaml"), config("storage.googleapis.com"));
  writeFileSync(join(cwd, "evil.yaml"), config("evil.example"));
  return cwd;
}

let host: Host | undefined;

/** Runs the command in a folder, with one kind of credential at hand. */
export function runWith(
  credential: CredentialKind | undefined,
  args: readonly string[],
  { cwd, network, env = {} }: { cwd: string; network: Network; env?: Record<string, string> },
): Promise<Ended> {
  const secrets = join(home(), "secrets");
  mkdirSync(secrets, { recursive: true });
  const file = (name: string, content: string) => {
    writeFileSync(join(secrets, name), content);
    return join(secrets, name);
  };
  file("other", SECRETS.other);
  const adc = {
    type: "authorized_user",
    client_id: "id",
    client_secret: "x",
    refresh_token: SECRETS.refresh,
  };
  const credentials: Record<CredentialKind, { env?: Record<string, string>; args?: string[] }> = {
    adc: { env: { GOOGLE_APPLICATION_CREDENTIALS: file("adc.json", JSON.stringify(adc)) } },
    file: { args: ["--token-file", file("token", SECRETS.file)] },
    environment: { env: { LONGRUNNING_TOKEN: SECRETS.environment } },
  };
  const own = credential === undefined ? {} : credentials[credential];
  host ??= startHost({ NODE_EXTRA_CA_CERTS: file("authority.pem", AUTHORITY.cert) });
  return host.run([...args, ...(own.args ?? [])], {
    cwd,
    env: { HTTPS_PROXY: network.proxyUrl, ...own.env, ...env },
  });
}
