// SPDX-License-Identifier: Apache-2.0
import { chmod, readdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buildProgram, type Program } from "./run-adc-program.js";

const SCOPE = "https://www.googleapis.com/auth/admanager";
const NO_METADATA = { METADATA_SERVER_DETECTION: "none" };

let program: Program;
let server: Server;
let origin: string;
/** Requests that the emulated metadata server and token endpoint got, and how they answer. */
let requests: { url: string; body: string }[];
let answers: (url: string, count: number) => { status?: number; json?: unknown; text?: string };

beforeAll(async () => {
  program = await buildProgram();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = request.url ?? "";
      requests.push({ url, body: Buffer.concat(chunks).toString("utf8") });
      const { status = 200, json, text } = answers(url, requests.length);
      response.writeHead(status, { "content-type": "application/json", "metadata-flavor": "Google" });
      response.end(text ?? JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  requests = [];
  answers = () => ({ status: 404, json: {} });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await program.remove();
});

/** An external account whose subject token is in a file, and whose token endpoint is the one above. */
async function externalAccountFile(subjectToken: string): Promise<string> {
  return program.file("external-account.json", {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${origin}/token`,
    credential_source: { file: await program.file("subject-token", subjectToken) },
    quota_project_id: "project-of-the-file",
  });
}

describe("no credentials at all", () => {
  test.each(["esm", "cjs"] as const)(
    "are an error that says where they were looked for; no server and no gcloud is asked (%s)",
    async (format) => {
      const env = { ...NO_METADATA, GCE_METADATA_HOST: new URL(origin).host, PATH: program.folder };
      const gcloud = await program.file("gcloud", `#!/bin/sh\n/usr/bin/touch ${program.folder}/gcloud-ran\n`);
      await chmod(gcloud, 0o755);
      const { calls } = await program.run({ format, env });
      expect(calls[0]?.error?.requestSent).toBe(false);
      expect(calls[0]?.error?.message).toBe(
        "[unauthenticated] GetOperation: no token from Application Default Credentials: none were found. Looked for " +
          "GOOGLE_APPLICATION_CREDENTIALS (not set); ~/.config/gcloud/application_default_credentials.json (none); " +
          "the metadata server (switched off by METADATA_SERVER_DETECTION=none). Log in with gcloud auth " +
          `application-default login --scopes=${SCOPE},https://www.googleapis.com/auth/cloud-platform ` +
          "--client-id-file=YOUR_OAUTH_CLIENT.json, or set GOOGLE_APPLICATION_CREDENTIALS to the path of a service " +
          "account's key or an external account's configuration, or pass auth",
      );
      expect(requests).toEqual([]);
      expect(await readdir(program.folder)).not.toContain("gcloud-ran");
    },
  );

  test("are looked for again by the next call", async () => {
    const { calls } = await program.run({ env: NO_METADATA, calls: 2 });
    expect(calls.map((call) => call.error?.message.includes("none were found"))).toEqual([true, true]);
  });
});

describe("a file that GOOGLE_APPLICATION_CREDENTIALS names", () => {
  test("authorizes calls, with the quota project in it, and is exchanged once", async () => {
    answers = () => ({ json: { access_token: "adc-token", expires_in: 3600, token_type: "Bearer" } });
    const path = await externalAccountFile("subject");
    const { calls } = await program.run({
      env: { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: path },
      calls: 3,
    });
    expect(calls.map((call) => call.authorization)).toEqual(Array(3).fill("Bearer adc-token"));
    expect(calls[0]?.quotaProject).toBe("project-of-the-file");
    expect(requests).toHaveLength(1);
    expect(new URLSearchParams(requests[0]?.body).get("scope")).toBe(SCOPE);
  });

  test("the quota project of the environment goes before the file's", async () => {
    answers = () => ({ json: { access_token: "adc-token", expires_in: 3600, token_type: "Bearer" } });
    const path = await externalAccountFile("subject");
    const env = {
      ...NO_METADATA,
      GOOGLE_APPLICATION_CREDENTIALS: path,
      GOOGLE_CLOUD_QUOTA_PROJECT: "project-of-env",
    };
    const { calls } = await program.run({ env });
    expect(calls[0]?.quotaProject).toBe("project-of-env");
  });

  test("is found without asking gcloud or the metadata server for a project", async () => {
    answers = () => ({ json: { access_token: "adc-token", expires_in: 3600, token_type: "Bearer" } });
    const path = await externalAccountFile("subject");
    const env = { GOOGLE_APPLICATION_CREDENTIALS: path, GCE_METADATA_HOST: origin.slice("http://".length) };
    await program.run({ env });
    expect(requests.map(({ url }) => url)).toEqual(["/token"]);
  });
});

describe("the metadata server", () => {
  const metadata = () => ({
    GCE_METADATA_HOST: origin.slice("http://".length),
    METADATA_SERVER_DETECTION: "ping-only",
  });

  test("authorizes calls with the token of the machine's service account", async () => {
    answers = (url) =>
      url.includes("/token")
        ? { json: { access_token: "machine-token", expires_in: 3600, token_type: "Bearer" } }
        : { json: {} };
    const { calls } = await program.run({ env: metadata(), calls: 2 });
    expect(calls.map((call) => call.authorization)).toEqual(["Bearer machine-token", "Bearer machine-token"]);
    const tokenRequests = requests.filter(({ url }) => url.includes("/token"));
    expect(tokenRequests).toHaveLength(1);
    expect(new URL(tokenRequests[0]?.url ?? "", origin).searchParams.get("scopes")).toBe(SCOPE);
  });

  test("a machine without a service account is told so", async () => {
    answers = (url) => (url.includes("/token") ? { status: 404, text: "no such account" } : { json: {} });
    const { calls } = await program.run({ env: metadata() });
    expect(calls[0]?.error?.message).toContain(
      "no token from Application Default Credentials (the service account of the metadata server): 127.0.0.1",
    );
    expect(calls[0]?.error?.message).toContain("answered HTTP 404");
  });
});

describe("credentials that cannot be read", () => {
  const MARKER = "planted0secret0planted";

  test.each<[string, unknown, string]>([
    [
      "a file that is not JSON",
      `{"private_key": ${MARKER}, "`,
      "GOOGLE_APPLICATION_CREDENTIALS names is not valid JSON",
    ],
    [
      "a key that is none",
      { type: "service_account", client_email: "a@b.example", private_key: MARKER },
      "the private key cannot be read",
    ],
    [
      "a file without its key",
      { type: "authorized_user", client_id: MARKER, client_secret: MARKER },
      "refresh_token field",
    ],
    ["the file of an OAuth client", { installed: { client_id: "a", client_secret: MARKER } }, "OAuth client"],
    ["a byte order mark", `\ufeff{"type": "service_account", "private_key": "${MARKER}"}`, "byte order mark"],
    ["a file of an unknown kind", { type: MARKER, private_key: MARKER }, "that is not supported"],
  ])("%s: the error says so and shows nothing of it", async (_, content, problem) => {
    const path = await program.file("broken.json", content);
    const { calls, output } = await program.run({
      env: { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: path },
    });
    expect(calls[0]?.error?.message).toContain(problem);
    expect(calls[0]?.error?.requestSent).toBe(false);
    expect(output).not.toContain(MARKER);
  });

  test("a path to nowhere is named", async () => {
    const env = { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: "/nowhere/key.json" };
    const { calls } = await program.run({ env });
    expect(calls[0]?.error?.message).toContain("The file at /nowhere/key.json does not exist");
  });

  test("a key that was put where its path belongs is not printed", async () => {
    const env = { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: `{"private_key":"${MARKER}","type":"x"}` };
    const { calls, output } = await program.run({ env });
    expect(calls[0]?.error?.message).toContain("GOOGLE_APPLICATION_CREDENTIALS is not the path of a file");
    expect(output).not.toContain(MARKER);
  });

  test("a token endpoint that repeats what it was sent is not quoted", async () => {
    answers = () => ({ status: 400, json: { error: "invalid_grant", error_description: `bad: ${MARKER}` } });
    const path = await externalAccountFile(MARKER);
    const { calls, output } = await program.run({
      env: { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: path },
    });
    expect(requests[0]?.body).toContain(MARKER);
    expect(calls[0]?.error?.message).toContain("answered HTTP 400, invalid_grant");
    expect(output).not.toContain(MARKER);
  });

  test("a token endpoint that is out of reach is a passing failure", async () => {
    const path = await program.file("unreachable.json", {
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: "http://127.0.0.1:1/token",
      credential_source: { file: await program.file("subject-token", MARKER) },
    });
    const { calls, output } = await program.run({
      env: { ...NO_METADATA, GOOGLE_APPLICATION_CREDENTIALS: path },
    });
    expect(calls[0]?.error?.message).toContain("[unavailable]");
    expect(calls[0]?.error?.message).toContain("127.0.0.1:1 cannot be reached (ECONNREFUSED)");
    expect(output).not.toContain(MARKER);
  });
});
