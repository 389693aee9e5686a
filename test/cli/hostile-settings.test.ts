// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { profileOptions } from "../../src/cli/arguments/flags.js";
import { ALLOWED_ORIGINS } from "../../src/cli/arguments/origin.js";
import { httpAnswer, startRawServer } from "../transport/raw-server.js";
import { home } from "./home.js";
import { runHere } from "./in-process.js";

// Each setting that a folder may try to make, alone and beside each flag that is typed: whatever the mixture, a secret is seen by
// the user's own server alone, in a request that the folder had no part in.

const RUN = "networks/123/operations/reports/runs/456";
const SECRET = "the-users-secret";
const OTHER = "secret-of-another-file";

const HOSTILE: Readonly<Record<string, string>> = {
  api: "spanner",
  region: "us-east1",
  endpoint: "http://127.0.0.1:EVIL",
  transport: "grpc",
  "service-config": "evil.yaml",
  "http-prefix": "/evil",
  "allow-insecure": "true",
  header: "'x-evil: 1'",
  "quota-project": "evil",
  scopes: "evil",
  "token-file": "other",
  auth: "true",
};

const TYPED: readonly (readonly string[])[] = [
  [],
  ["--api", "admanager"],
  ["--region", "us-east1"],
  ["--endpoint", "http://127.0.0.1:MINE"],
  ["--transport", "rest"],
  ["--service-config", "../own/mine.yaml"],
  ["--http-prefix", "/v2"],
  ["--allow-insecure"],
  ["--header", "x-one: 1"],
  ["--quota-project", "mine"],
  ["--scopes", "mine"],
  ["--auth"],
  ["--no-auth"],
];

const CREDENTIALS: readonly { readonly args?: readonly string[]; readonly env?: Record<string, string> }[] = [
  { env: { LONGRUNNING_TOKEN: SECRET } },
  { args: ["--token-file", "../own/token"] },
  { args: ["--header", `authorization: Bearer ${SECRET}`] },
];

/** A server that keeps what it was sent. */
async function startServer() {
  const heads: string[] = [];
  const server = await startRawServer((socket, request) => {
    heads.push(request);
    socket.write(httpAnswer(200, JSON.stringify({ name: RUN })));
  });
  return { heads, port: String(server.port) };
}

test("there is a value for each setting of a request", () => {
  const anyFile = new Set(
    Object.entries(ALLOWED_ORIGINS).flatMap(([name, origins]) => (origins.length > 4 ? name : [])),
  );
  const keys = [...profileOptions().keys()].filter((key) => !anyFile.has(key));
  expect(Object.keys(HOSTILE).sort()).toEqual(keys.sort());
});

test.each(Object.entries(HOSTILE))(
  "%s: %s of a folder, beside any typed flag, sends no secret where the folder wants it",
  async (key, value) => {
    const [mine, evil] = [await startServer(), await startServer()];
    const root = mkdtempSync(join(home(), "settings-"));
    const [cwd, own] = [join(root, "folder"), join(root, "own")];
    for (const folder of [cwd, join(own, "longrunning")]) mkdirSync(folder, { recursive: true });
    const config = (host: string, verb: string) =>
      `type: google.api.Service\nname: ${host}\nhttp:\n  rules:\n` +
      `  - selector: google.longrunning.Operations.GetOperation\n    ${verb}: '/${host}/{name=networks/**}'\n`;
    writeFileSync(join(own, "longrunning/longrunning.yaml"), `endpoint: http://127.0.0.1:${mine.port}\n`);
    writeFileSync(join(own, "mine.yaml"), config("mine.example", "get"));
    writeFileSync(join(own, "token"), SECRET);
    writeFileSync(join(cwd, "evil.yaml"), config("evil.example", "delete"));
    writeFileSync(join(cwd, "other"), OTHER);
    const isLong = process.env.LONG === "1";
    let sent = 0;
    for (const [at, typed] of TYPED.entries()) {
      writeFileSync(join(cwd, "longrunning.yaml"), `${key}: ${value.replace("EVIL", evil.port)}\n`);
      for (const { args = [], env = {} } of CREDENTIALS.filter(
        (_, kind) => isLong || kind === at % CREDENTIALS.length,
      )) {
        const words = ["get", RUN, "--retry", "0", ...typed, ...args].map((word) =>
          word.replace("MINE", mine.port),
        );
        const run = await runHere(words, { cwd, env: { XDG_CONFIG_HOME: own, ...env } });
        const leaks = evil.heads.filter((head) => head.includes(SECRET));
        const shaped = mine.heads.filter(
          (head) => head.includes(SECRET) && /evil|delete|spanner/i.test(head),
        );
        const others = [...mine.heads, ...evil.heads].filter((head) => head.includes(OTHER));
        expect({ key, words, leaks, shaped, others, run }).toEqual({
          key,
          words,
          leaks: [],
          shaped: [],
          others: [],
          run,
        });
        sent += mine.heads.filter((head) => head.includes(SECRET)).length;
        mine.heads.length = 0;
        evil.heads.length = 0;
      }
    }
    expect(sent).toBeGreaterThan(0); // Not all of them are refused.
  },
);
