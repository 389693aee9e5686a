// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { home } from "./home.js";
import { startHost } from "./host.js";
import { beginHere, runHere } from "./in-process.js";

const RUN = "networks/123/operations/reports/runs/456";
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  emulator.operations.start({
    parent: "networks/123/operations/reports/runs",
    id: "456",
    durationMs: 600_000,
  });
});
afterAll(() => emulator.close());

test.each<[string, string[], number, string]>([
  ["a misspelt command", ["cancle", RUN], 2, "Did you mean cancel?"],
  ["help for a misspelt command", ["help", "cancle"], 2, "Did you mean cancel?"],
  ["the help flag after a misspelt command", ["cancle", "--help"], 2, "Did you mean cancel?"],
  ["its short form after a name", ["wiat", RUN, "-h"], 2, "Did you mean wait?"],
  ["the help flag before a misspelt command", ["--help", "cancle"], 2, "Did you mean cancel?"],
  ["the version of a misspelt command", ["cancle", "--version"], 2, "unknown command 'cancle'"],
  ["help for a command that there is not", ["help", "nosuch"], 2, "unknown command 'nosuch'"],
  ...["get", "watch", "rows"].map((command): [string, string[], number, string] => [
    `standard input of ${command}`,
    [command, "-"],
    2,
    "Expected one name",
  ]),
  [
    "a pasted URL",
    ["get", `https://admanager.googleapis.com/v1/${RUN}?alt=json`],
    2,
    `name in that URL is ${RUN}`,
  ],
  [
    "a pasted URL of a cancel",
    ["get", `https://h.example/v1beta2/${RUN}:cancel`],
    2,
    `in that URL is ${RUN}\n`,
  ],
  [
    "a full name of another API",
    ["get", "//spanner.googleapis.com/operations/1", "--api", "admanager", "--no-auth"],
    67,
    "next: leave --api out: a full name says which API it is of",
  ],
  [
    "an endpoint with a query",
    ["get", RUN, "--endpoint", "https://x.example/?a"],
    2,
    "--endpoint: has a query",
  ],
  [
    "a name of another API",
    ["get", "projects/p/locations/l/operations/1"],
    67,
    "for another API, give --api NAME (longrunning apis lists them)",
  ],
  [
    "a report in place of its run",
    ["get", "networks/1/reports/2", "--no-auth"],
    67,
    "next: that is a report: longrunning run-report networks/1/reports/2\n",
  ],
  [
    "a result in place of its run",
    ["get", "networks/1/reports/2/results/3", "--no-auth"],
    67,
    "next: that is a result: longrunning rows networks/1/reports/2/results/3\n",
  ],
  [
    "a name that no API has, though some take any",
    ["get", "networks/1/reports/runs/2", "--no-auth"],
    67,
    "expected networks/*/operations/reports/runs/*)\n",
  ],
  [
    "a letter that looks like another",
    ["get", RUN.replace("a", "\u0430"), "--no-auth"],
    67,
    "the name has U+0430 at 17, which is not ASCII",
  ],
  ["a misspelt flag", ["cancel", RUN, "--wiat"], 2, "Did you mean --wait?"],
  ["a duration without a unit", ["wait", RUN, "--timeout", "5"], 2, "such as 30s, 5m"],
  ["a format that is none", ["get", RUN, "--format", "xml"], 2, "text, json, yaml, ndjson"],
  ["a name that no rule takes", ["get", "operations/1"], 67, "networks/*/operations/reports/runs/*"],
  ["a name that could lead elsewhere", ["get", "networks/../x"], 67, "dot segment"],
  [
    "nothing at the endpoint",
    ["get", RUN, "--retry", "0", "--endpoint", "http://127.0.0.1:1"],
    78,
    "check --endpoint",
  ],
  [
    "http to another machine",
    ["get", RUN, "--endpoint", "http://example.com"],
    2,
    "this machine (got http://example.com; expected https)",
  ],
  ["an API without an endpoint", ["get", "operations/1", "--api", "generic"], 2, "--endpoint URL"],
  ["Ad Manager over gRPC", ["get", RUN, "--transport", "grpc"], 2, "REST only"],
  [
    "a list that Ad Manager does not have",
    ["list", "networks/1", "--no-auth"],
    76,
    "has no ListOperations; it has GetOperation and CancelOperation",
  ],
  ...[
    "report",
    "networks/1/report/2",
    "networks/1/operations/reports/runs/2",
    "networks//reports/2",
    "-",
  ].flatMap((name) =>
    [[], ["--endpoint", "http://127.0.0.1:1"], ["--api", "generic"]].map(
      (flags): [string, string[], number, string] => [
        `a report's name that is none, ${name}, ${flags.join(" ")}`,
        ["run-report", name, ...flags],
        2,
        "argument 'report'. Expected networks/NETWORK/reports/REPORT.",
      ],
    ),
  ),
  [
    "a pasted URL of a report",
    ["run-report", "https://admanager.googleapis.com/v1/networks/1/reports/2"],
    2,
    "The name in that URL is networks/1/reports/2.",
  ],
  [
    "an API with operations of another kind",
    ["cancel", "o", "--api", "container"],
    2,
    '--api: has operations of another kind (got "container"; expected its own client, @google-cloud/container)\n',
  ],
  [
    "an API whose paths are not published",
    ["get", "projects/p/operations/o", "--api", "sqladmin"],
    2,
    "are not published (sqladmin.googleapis.com)\n  next: --api generic --endpoint https://sqladmin.googleapis.com, with " +
      "--service-config FILE, --http-prefix PATH or --transport grpc\n",
  ],
  [
    "a list of another API",
    ["list", "projects/p/locations/l", "--no-auth"],
    76,
    "for another API, give --api NAME (longrunning apis lists them)",
  ],
  [
    "a parent without operations",
    ["list", "projects/p/instances/i", "--api", "spanner", "--no-auth"],
    67,
    'did you mean "projects/p/instances/i/operations"?',
  ],
  [
    "a parent that has operations too many",
    ["list", "projects/p/locations/l/operations", "--api", "run", "--no-auth"],
    67,
    'did you mean "projects/p/locations/l"?',
  ],
  [
    "an operation in place of its parent",
    ["list", "projects/p/instances/i/databases/d/operations/o", "--api", "spanner", "--no-auth"],
    67,
    'did you mean "projects/p/instances/i/databases/d/operations"?',
  ],
  [
    "a list without a parent",
    ["list", "--api", "spanner", "--no-auth"],
    67,
    "next: longrunning list PARENT lists the operations of a parent",
  ],
  ["a method that there is not", ["describe", "cansel", RUN], 2, "cancel, get, list"],
  ["a token file that is not there", ["get", RUN, "--token-file", "none"], 2, "none cannot be read"],
  ["no command at all", [], 2, "Usage: longrunning"],
])("helps with %s", async (_, args, status, help) => {
  const ended = await runHere(args);
  expect(ended).toMatchObject({ status, stdout: "" });
  expect(ended.stderr).toContain(help);
});

test.each([
  [["--help", "cancel"], "longrunning cancel [options] <name...>"],
  [["-h", "wait"], "longrunning wait"],
  [["cancel", "--help"], "longrunning cancel"],
  [["help", "help"], "longrunning [options] [command]"],
  [["--help"], "longrunning [options] [command]"],
])("%j is the help page of its command", async (args, usage) => {
  const { status, stdout, stderr } = await runHere(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`Usage: ${usage}`);
});

test.each([
  ["cancel", "projects/p/locations/l/operations/1", "--api", "run"],
  ["delete", RUN],
])("does not speak of the connection when the API has no such method: %s %s", async (...args) => {
  const { stderr } = await runHere([...args, "--no-auth"]);
  expect(stderr).toContain("; it has GetOperation");
  expect(stderr).not.toContain("no response from");
});

test("helps without credentials", async () => {
  const env = { GOOGLE_APPLICATION_CREDENTIALS: join(home(), "none.json") };
  const { status, stderr } = await startHost().run(["get", RUN], { env });
  expect(status).toBe(80);
  expect(stderr).toContain("gcloud auth application-default login");
});

test("helps when a proxy's page comes in the API's place", async () => {
  const proxy = createServer((_, response) => {
    response.writeHead(403, { "content-type": "text/html" }).end("<title>Blocked by policy</title>");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const { status, stderr } = await runHere(["get", RUN, "--endpoint", `http://127.0.0.1:${port}`]);
  proxy.close();
  expect(status).toBe(71);
  expect(stderr).toContain("Blocked by policy");
  expect(stderr).toMatch(/next: .*proxy/);
});

test("a mistake is JSON, too, with --format json", async () => {
  const { stderr } = await runHere(["cancel", RUN, "--wiat", "--format", "json"]);
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: "USAGE", message: expect.stringContaining("--wait") },
  });
});

describe("the profile", () => {
  /** A working directory with a profile in it. */
  const profiled = (name: string, text: string) => {
    const cwd = join(home(), name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "longrunning.yaml"), text);
    return cwd;
  };

  test("says what is typed each time, and what is typed wins", async () => {
    const cwd = profiled("works", `endpoint: ${emulator.baseUrl}\nformat: json\ntimeout: 5s\n`);
    expect(JSON.parse((await runHere(["get", RUN], { cwd })).stdout)).toMatchObject({ name: RUN });
    expect((await runHere(["get", RUN, "--format", "text"], { cwd })).stdout).toMatch(/^name +networks/);
    const other = await runHere(["get", RUN, "--profile", "works/longrunning.yaml"]);
    expect(JSON.parse(other.stdout)).toMatchObject({ name: RUN });
  });

  test("is found in the XDG configuration directory", async () => {
    const config = join(home(), "config");
    mkdirSync(join(config, "longrunning"), { recursive: true });
    writeFileSync(join(config, "longrunning/longrunning.yaml"), `endpoint: ${emulator.baseUrl}\n`);
    expect(await runHere(["get", RUN], { env: { XDG_CONFIG_HOME: config } })).toMatchObject({ status: 0 });
  });

  test("with an unknown key or a bad value is rejected by name", async () => {
    const unknown = await runHere(["get", RUN], { cwd: profiled("unknown", "endpiont: x\n") });
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown key "endpiont"') });
    const bad = await runHere(["get", RUN], { cwd: profiled("bad", "timeout: soon\n") });
    expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining("timeout: Expected a duration") });
  });

  test("of the working directory cannot have a credential sent to a host of its own", async () => {
    const cwd = profiled("trap", "endpoint: https://collector.example\n");
    const { status, stderr } = await runHere(["get", RUN], {
      cwd,
      env: { LONGRUNNING_TOKEN: "not-a-secret" },
    });
    expect(status).toBe(2);
    expect(stderr).toContain("longrunning trust");
  });
});

describe("a token", () => {
  const authorization = () => emulator.calls.at(-1)?.headers.authorization;

  test.each([
    ["the environment", [], "not-a-secret-but-a-variable"],
    ["a file", ["--token-file", "token"], "not-a-secret-but-a-file"],
  ])("from %s is sent, and never printed", async (_, flags, token) => {
    writeFileSync(join(home(), "token"), `${token}\n`);
    const env: Record<string, string> = flags.length === 0 ? { LONGRUNNING_TOKEN: token } : {};
    const at = ["--endpoint", emulator.baseUrl, ...flags];
    const good = await runHere(["get", RUN, ...at], { env });
    expect(authorization()).toBe("REDACTED"); // What the emulator keeps of a credential.
    const bad = await runHere(["get", `${RUN}7`, ...at, "--format", "json"], { env });
    for (const { stdout, stderr } of [good, bad]) expect(`${stdout}${stderr}`).not.toContain("not-a-secret");
  });

  test.each([
    ["is empty", () => writeFileSync(join(home(), "renewed"), "\n")],
    ["cannot be read", () => rmSync(join(home(), "renewed"))],
  ])(
    "of a file that %s by the time of a later call ends the wait, by the file's name",
    async (problem, spoil) => {
      writeFileSync(join(home(), "renewed"), "token\n");
      const name = emulator.operations.start({ durationMs: 600_000 });
      const at = ["--endpoint", emulator.baseUrl, "--token-file", "renewed", "--interval", "10ms"];
      const watch = beginHere(["watch", name, ...at]);
      await watch.said("running");
      spoil();
      const { status, stderr } = await watch.ended;
      expect(status).toBe(80);
      expect(stderr).toContain(`/renewed ${problem}`);
    },
  );

  test("is not sent with --no-auth", async () => {
    const env = { LONGRUNNING_TOKEN: "not-a-secret" };
    await runHere(["get", RUN, "--no-auth", "--endpoint", emulator.baseUrl], { env });
    expect(authorization()).toBeUndefined();
  });
});

test("headers and the quota project go with the call", async () => {
  const flags = ["--header", "x-one: 1", "--header", "x-two: 2", "--quota-project", "p"];
  await runHere(["get", RUN, ...flags, "--endpoint", emulator.baseUrl]);
  expect(emulator.calls.at(-1)?.headers).toMatchObject({
    "x-one": "1",
    "x-two": "2",
    "x-goog-user-project": "p",
  });
});

test("a service configuration brings its rules and its host", async () => {
  writeFileSync(
    join(home(), "spanner.yaml"),
    "type: google.api.Service\nname: spanner.googleapis.com\nhttp:\n  rules:\n" +
      "  - selector: google.longrunning.Operations.CancelOperation\n    post: '/v1/{name=projects/*/operations/*}:cancel'\n",
  );
  const { stdout } = await runHere([
    "describe",
    "cancel",
    "projects/p/operations/1",
    "--service-config",
    "spanner.yaml",
  ]);
  expect(stdout).toContain("POST https://spanner.googleapis.com/v1/projects/p/operations/1:cancel");
});

test("a link is no name where another server is called than that of the link", async () => {
  const config =
    "type: google.api.Service\nname: other.example\nhttp:\n  rules:\n" +
    "  - selector: google.longrunning.Operations.GetOperation\n    get: '/v1/{name=operations/**}'\n";
  writeFileSync(join(home(), "other.yaml"), config);
  const link = "https://spanner.googleapis.com/v1/operations/1";
  const { status, stderr } = await runHere([
    "get",
    link,
    "--api",
    "generic",
    "--no-auth",
    "--service-config",
    "other.yaml",
  ]);
  expect(status).toBe(67);
  expect(stderr).toContain("the name: is a URL (expected the name alone");
  expect(stderr).toContain("next: the name in that URL is operations/1\n");
});
