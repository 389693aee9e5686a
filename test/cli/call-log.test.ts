// SPDX-License-Identifier: Apache-2.0
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { RunReportMetadataSchema } from "../../src/admanager.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { startHttpServer } from "../transport/raw-server.js";
import { home } from "./home.js";
import { runHere } from "./in-process.js";

const response = anyPack(DurationSchema, create(DurationSchema, { seconds: 1n }));
const RUNS = "networks/123/operations/reports/runs";
const REPORT = "networks/123/reports/789";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ reportRuns: { durationMs: 30 } });
});
afterEach(() => emulator.close());

/** Numbers that differ from run to run, as N. */
const lines = (text: string) =>
  text
    .replaceAll(emulator.baseUrl, "URL")
    .replaceAll(/\d+(?= ms| polls)|(?<=poll )\d+/g, "N")
    .trimEnd()
    .split("\n");

describe.each(["rest", "grpc"])("over %s", (transport) => {
  const flags = () => ["--endpoint", emulator.baseUrl, "--transport", transport];
  const url = (path: string, method = "GetOperation") =>
    transport === "rest" ? `URL/v1/${path}` : `URL/google.longrunning.Operations/${method}`;
  const verb = transport === "rest" ? "GET" : "POST";

  test("--verbose shows requests, attempts, why a retry waits, polls and their pauses", async () => {
    const name = emulator.operations.start({
      parent: RUNS,
      id: "slow",
      durationMs: Number.POSITIVE_INFINITY,
    });
    const endAfterOnePoll = () => {
      unsubscribe("longrunning:poll", endAfterOnePoll);
      emulator.operations.finish(name, { response });
    };
    subscribe("longrunning:poll", endAfterOnePoll);
    const target = "google.longrunning.Operations.GetOperation";
    emulator.faults.add({
      kind: "error",
      code: Code.Unavailable,
      method: target,
      times: 1,
      retryDelayMs: 20,
    });
    const api = transport === "rest" ? [] : ["--api", "generic"];
    const ended = await runHere(["wait", name, "--verbose", "--interval", "10ms", ...api, ...flags()]);
    expect(ended).toMatchObject({ status: 0, stdout: `succeeded  ${name}\n` });
    const seen = lines(ended.stderr);
    expect(seen[0]).toBe(`${name}: wait begins`);
    expect(seen).toContainEqual(expect.stringContaining(`${verb} ${url(name)}: UNAVAILABLE`));
    expect(seen).toContainEqual(
      expect.stringMatching(
        /^GetOperation .*slow: attempt 1 UNAVAILABLE.* after N ms.*; next attempt in N ms \((as the server asks|backoff)\)$/,
      ),
    );
    expect(seen).toContain(`${verb} ${url(name)}: OK after N ms`);
    expect(seen).toContain(`GetOperation ${name}: attempt 2 OK after N ms`);
    expect(seen).toContain(`${name}: poll N running after N ms; next poll in N ms (backoff)`);
    expect(seen).toContain(`${name}: running -> succeeded`);
    expect(seen.at(-1)).toBe(`${name}: wait ended, succeeded, after N ms, polls: 2`);
  });

  test("--log-http=body adds the messages of both directions", async () => {
    const metadata = anyPack(
      RunReportMetadataSchema,
      create(RunReportMetadataSchema, { percentComplete: 3 }),
    );
    const name = emulator.operations.start({ parent: RUNS, id: "one", durationMs: 60_000, metadata });
    const ended = await runHere(["get", name, "--log-http=body", "--api", "generic", ...flags()]);
    const seen = lines(ended.stderr);
    expect(seen).toHaveLength(4);
    expect(seen[0]).toBe(`${verb} ${url(name)}: OK after N ms`);
    expect(seen[1]).toBe(`GetOperation request: {"name":"${name}"}`);
    expect(seen[2]).toMatch(/^GetOperation response: \{"name":".*one",.*"@type".*RunReportMetadata.*\}$/);
    expect(seen[3]).toBe(`GetOperation ${name}: attempt 1 OK after N ms`);
    const missing = await runHere(["get", `${RUNS}/none`, "--log-http=body", "--api", "generic", ...flags()]);
    expect(missing.stderr).toContain('GetOperation error: {"code":5,"message":');
  });
});

test("every command that calls logs its requests, and its data is the same", async () => {
  const at = ["--endpoint", emulator.baseUrl];
  const names = ["a", "b", "c", "d"].map((id) =>
    emulator.operations.start({ parent: RUNS, id, durationMs: 0 }),
  );
  for (const id of ["1", "2"]) emulator.operations.start({ id, durationMs: 60_000 });
  const [a = "", b = "", c = "", d = ""] = names;
  const commands = [
    [["get", a], "GET URL/v1/"],
    [["cancel", b], ":cancel: "],
    [["wait", c], "poll N succeeded"],
    [["watch", d], "poll N succeeded"],
    [["list", "operations"], "GET URL/v1/operations"],
    [["watch", "--all", "operations", "--timeout", "300ms"], "ListOperations operations: attempt 1 OK"],
    [["delete", "operations/1"], "DELETE URL/v1/operations/1: OK"],
    [["run-report", REPORT, "--interval", "20ms"], "POST URL/v1/networks/123/reports/789:run: OK"],
    [["rows", `${REPORT}/results/1`], "results/1:fetchRows"],
  ] as const;
  for (const [command, line] of commands) {
    const { stderr } = await runHere([...command, "--log-http", ...at]);
    expect({ command, log: lines(stderr).join("\n") }).toEqual({
      command,
      log: expect.stringContaining(line),
    });
  }
  const { stdout, stderr } = await runHere(["get", a, ...at]);
  expect([stdout, stderr]).toEqual([(await runHere(["get", a, "--verbose", "-q", ...at])).stdout, ""]);
});

test("a name after --log-http is a name, and --quiet leaves the log", async () => {
  const name = emulator.operations.start({ parent: RUNS, id: "n", durationMs: 0 });
  const at = ["--endpoint", emulator.baseUrl, "-q"];
  for (const args of [
    ["get", "--log-http", name],
    ["get", "--log-http", "body", name],
    ["get", name, "--log-http"],
  ]) {
    const { status, stderr } = await runHere([...args, ...at]);
    expect({ args, status, stderr }).toEqual({
      args,
      status: 0,
      stderr: expect.stringContaining("attempt 1 OK"),
    });
  }
  const wrong = await runHere(["get", name, "--log-http=all", ...at]);
  expect(wrong).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Allowed choices are lines, body"),
  });
});

test("in JSON, each line of the log is a document", async () => {
  const name = emulator.operations.start({ parent: RUNS, id: "j", durationMs: 0 });
  const flags = ["--format", "json", "--log-http=body", "--verbose", "--endpoint", emulator.baseUrl];
  const { stderr } = await runHere(["cancel", name, `${RUNS}/none`, ...flags]);
  const documents = stderr
    .trimEnd()
    .split("\n")
    .map((line) => Object.keys(JSON.parse(line))[0]);
  expect(new Set(documents)).toEqual(new Set(["log", "error"]));
});

test("no file turns the log on", async () => {
  const cwd = home();
  for (const key of ["verbose: true", "log-http: body"]) {
    writeFileSync(join(cwd, "log.yaml"), `${key}\n`);
    const ended = await runHere(["get", "operations/1", "--profile", "log.yaml"], { cwd });
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("unknown key") });
  }
});

describe("a server that repeats the token, with control characters", () => {
  const TOKEN = "planted-token/of+the-log";
  const NAME = `operations/${encodeURIComponent(TOKEN).replaceAll("%", "")}x`;
  const OTHER = "another-secret-of-the-server";
  let endpoint: string;
  beforeEach(async () => {
    let count = 0;
    const server = await startHttpServer((request, response) => {
      count += 8;
      const { authorization = "" } = request.headers;
      const echo = `\u001b[2J\u202e${authorization}\r\n${Buffer.from(authorization).toString("base64")}`;
      const metadata = {
        "@type": "a.example/Unknown",
        [echo]: echo,
        accessToken: OTHER,
        long: "x".repeat(count % 31) + authorization.repeat(300), // cut off anywhere within a token
      };
      const denied = { code: 403, status: "PERMISSION_DENIED", message: echo };
      const isDenied = request.url?.includes("deny") === true;
      response.writeHead(isDenied ? 403 : 200, {
        "content-type": "application/json",
        "x-request-id": authorization,
      });
      response.end(
        JSON.stringify(isDenied ? { error: denied } : { name: "operations/1", done: true, metadata }),
      );
    });
    endpoint = server.baseUrl;
  });

  test.each([
    ["in a header", ["get", "operations/1"]],
    ["in the URL", ["get", `operations/${TOKEN.split("/")[0]}`]],
    ["in an error", ["get", "operations/deny"]],
    ["in a wait", ["wait", "operations/1"]],
    ["in a query", ["list", "operations", "--filter", TOKEN]],
    ["in the name", ["cancel", NAME]],
  ])("nothing of it is written: %s", async (_, args) => {
    const token = args.includes(NAME)
      ? NAME.slice("operations/".length)
      : args[1]?.includes("planted") === true
        ? "planted-token"
        : TOKEN;
    const flags = ["--verbose", "--log-http=body", "--api", "generic", "--endpoint", endpoint];
    for (const format of ["text", "json"])
      for (const isTerminal of [false, true]) {
        const env = { LONGRUNNING_TOKEN: token, TERM: "xterm", NO_COLOR: "1" };
        const { stderr } = await runHere([...args, "--format", format, ...flags], {
          env,
          isTerminal,
        });
        const decoded = (stderr.match(/[\w+/]{8,}/g) ?? []).map((text) =>
          Buffer.from(text, "base64").toString(),
        );
        const shown = /plan|of\+the-log|another-secret/;
        expect([stderr, ...decoded].filter((text) => shown.test(text))).toEqual([]);
        expect(stderr).toContain("[redacted]");
        expect(stderr).not.toMatch(/[^\n\u0020-\u007e\u2026]/);
        expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThan(9_000);
      }
  });
});
