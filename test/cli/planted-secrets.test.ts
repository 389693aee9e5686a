// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from "node:stream";
import { commandLine } from "../../src/cli/arguments/suggested-command.js";
import { startProgress } from "../../src/cli/output/progress.js";
import { startTable } from "../../src/cli/output/table.js";
import { rememberTexts } from "../../src/errors/sent-secrets.js";
import { startHttpServer } from "../transport/raw-server.js";
import { runHere } from "./in-process.js";

// A server that repeats the token it was sent, in every text of its response: nothing of it is printed, in any format.

const TOKEN = "marked-token/of+the-user";
let tokens = 0;
/** One that was not sent before: what was sent is redacted from then on. */
const newToken = () => `${String(tokens++).padStart(3, "0")}-${TOKEN}`;
const NAME = "networks/1/operations/reports/runs/2";

let baseUrl: string;
let heard: string[];

beforeEach(async () => {
  heard = [];
  ({ baseUrl } = await startHttpServer((request, response) => {
    const { authorization = "" } = request.headers;
    heard.push(authorization);
    const echo = `${authorization} ${Buffer.from(authorization).toString("base64")}`;
    const detail = { "@type": "type.googleapis.com/google.rpc.DebugInfo", detail: echo };
    const error = { code: 13, message: echo, details: [detail] };
    const metadata = { "@type": "a.example/Unknown", [echo]: echo };
    const operation = { name: NAME, done: true, metadata, error };
    const isFailure = request.method === "DELETE" || request.url?.includes("deny") === true;
    response.writeHead(isFailure ? 403 : 200, { "content-type": "application/json", "x-request-id": echo });
    if (isFailure)
      response.end(JSON.stringify({ error: { ...error, code: 403, status: "PERMISSION_DENIED" } }));
    else if (request.url?.includes("?") === true || request.url?.endsWith("/operations") === true)
      response.end(JSON.stringify({ operations: [operation], unreachable: [echo] }));
    else response.end(JSON.stringify(request.method === "POST" ? {} : operation));
  }));
});

const COMMANDS: string[][] = [
  ["get", NAME],
  ["get", "networks/1/operations/reports/runs/deny"],
  ["wait", NAME],
  ["watch", NAME],
  ["cancel", NAME, "--wait"],
  ["delete", NAME],
  ["list", "networks/1"],
];
const FORMATS = ["text", "json", "ndjson", "yaml"];

test.each(COMMANDS.map((args) => ({ args })))(
  "$args prints no token that the server repeats",
  async ({ args }) => {
    for (const format of FORMATS) {
      const flags = ["--endpoint", baseUrl, "--api", "generic", "--format", format];
      const token = newToken();
      const { stdout, stderr } = await runHere([...args, ...flags], { env: { LONGRUNNING_TOKEN: token } });
      const printed = `${stdout}\n${stderr}`;
      const decoded = (printed.match(/[\w+/]{8,}/g) ?? []).map((text) =>
        Buffer.from(text, "base64").toString("latin1"),
      );
      expect([printed, ...decoded].filter((text) => /marked|of\+the-user/.test(text))).toEqual([]);
      expect(printed).toContain("[redacted]");
      expect(new Set(heard.splice(0))).toEqual(new Set([`Bearer ${token}`]));
    }
  },
);

test("what is redrawn shows no token that a server made a name of, and no control", async () => {
  rememberTexts([TOKEN]);
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 24 });
  stream.setEncoding("utf8");
  const name = `operations/${TOKEN}/\u202e`;
  const progress = await startProgress(stream, name);
  progress.show(40, "running");
  progress.stop();
  const table = await startTable(name, stream, "never", {});
  table.show(name, 40);
  table.stop();
  const drawn = String(stream.read());
  expect(drawn.split("operations/[redacted]/\\u202e").length).toBeGreaterThan(3);
  expect(drawn).not.toMatch(/marked|\u202e/);
});

test("a suggested command repeats no header that may hold a credential", () => {
  const secret = [
    "x-signature: planted",
    "Session: planted",
    "X-Passphrase: planted",
    "x-any: Bearer planted",
    "APIKEY: planted",
  ];
  const line = commandLine("wait", ["operations/1"], { header: [...secret, "x-one: 1"] });
  expect(line).not.toContain("planted");
  expect(line).toContain("--header 'x-signature: ...'");
  expect(line).toContain("--header 'x-one: 1'");
});

test.each([
  ["--header", "authorization Bearer planted-token"],
  ["--header", "authorization: Bearer planted-token\nx: y"],
  ["--header", "authorization: Bearer planted-token\u20ac"],
  ["--header=authorization=planted-token"],
  ["--token-file", "ya29.planted-token"],
  ["--token-file", "eyJhbGciOi.planted-token"],
  ["--endpoint", "https://me:planted-token@example.com"],
  ["--endpoint", "https://example.com/?key=planted-token"],
])("the error of a mistyped %s %s does not repeat it", async (...flag) => {
  for (const format of ["text", "json"]) {
    const { status, stdout, stderr } = await runHere(["get", NAME, ...flag, "--format", format]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toContain("planted-token");
    expect(stderr).toMatch(/--(header|token-file|endpoint)/);
  }
});
