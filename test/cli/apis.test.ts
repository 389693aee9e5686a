// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apis, httpRulesOf } from "../../src/apis.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { home } from "./home.js";
import { beginHere, runHere } from "./in-process.js";

const DATABASE = "projects/p/instances/i/databases/d/operations";
const LOCATION = "projects/p/locations/l";
let emulator: Emulator;
let at: string[];

beforeAll(async () => {
  emulator = await startEmulator({ httpRules: [...httpRulesOf("spanner"), ...httpRulesOf("run")] });
  at = ["--endpoint", emulator.baseUrl];
});
afterAll(() => emulator.close());

const started = (parent: string) =>
  emulator.operations.start({ parent, durationMs: 60_000, cancelDelayMs: 1 });
const requests = () => emulator.calls.map(({ requestLine }) => requestLine?.replace(/(\?\S*)? HTTP.*/, ""));

describe("a process", () => {
  test("cancels by a full resource name, and says how to wait for what it cancelled", async () => {
    const name = started(DATABASE);
    const { status, stdout, stderr } = await runHere(["cancel", `//spanner.googleapis.com/${name}`, ...at]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `requested  ${name}\n` });
    expect(requests().at(-1)).toBe(`POST /v1/${name}:cancel`);
    const again = /longrunning (wait .*)\n/.exec(stderr)?.[1]?.split(" ") ?? [];
    expect(again).toEqual(["wait", name, "--api", "spanner", ...at]);
    expect(await runHere(again)).toMatchObject({ status: 4, stdout: `cancelled  ${name}\n` });
  });

  test("gets by a link that was copied, over the version in it", async () => {
    const name = started(`${LOCATION}/operations`);
    const { status, stdout } = await runHere(["get", `https://run.googleapis.com/v2/${name}`, ...at]);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining(name) });
    expect(requests().at(-1)).toBe(`GET /v2/${name}`);
  });

  test("lists below a parent, deletes and waits, by --api", async () => {
    const name = started(`${LOCATION}/operations`);
    const list = await runHere(["list", "--api", "run", LOCATION, ...at]);
    expect(list).toMatchObject({ status: 0, stdout: expect.stringContaining(`running    ${name}\n`) });
    expect(requests().at(-1)).toBe(`GET /v2/${LOCATION}/operations`);
    emulator.operations.finish(name, { error: { code: 9 } });
    expect(await runHere(["wait", "--api", "run/v2", name, ...at])).toMatchObject({ status: 3 });
    expect(await runHere(["delete", "--api", "run", name, ...at])).toMatchObject({ status: 0 });
    expect(requests().at(-1)).toBe(`DELETE /v2/${name}`);
  });

  test("takes full names from standard input, and reports the bad ones among them", async () => {
    const name = started(DATABASE);
    const foreign = `//run.googleapis.com/${LOCATION}/operations/o`;
    const input = `//spanner.googleapis.com/${name}\n${foreign}\nhttps://evil.example/v1/operations/1\n`;
    const { status, stdout, stderr } = await runHere(["cancel", "-", "--api", "spanner", ...at], { input });
    expect(status).toBe(67);
    expect(stdout.trim().split("\n").sort()).toEqual([
      `error      ${foreign}  INVALID_ARGUMENT`,
      "error      https://evil.example/v1/operations/1  INVALID_ARGUMENT",
      `requested  ${name}`,
    ]);
    expect(stderr).toContain("of another API");
    expect(stderr).toContain('unknown (got "evil.example"');
  });

  test("speaks gRPC with an API of the catalogue", async () => {
    const name = started(DATABASE);
    const grpc = ["cancel", `//spanner.googleapis.com/${name}`, "--transport", "grpc", "--wait", ...at];
    expect(await runHere(grpc)).toMatchObject({ status: 0, stdout: `cancelled  ${name}\n` });
    expect(emulator.calls.at(-1)).toMatchObject({ protocol: "grpc" });
  });

  test("serves an API by its name", async () => {
    const server = beginHere(["emulator", "--port", "0", "--api", "spanner", "--start", `${DATABASE}/1`]);
    const url = (await server.said("\n")).trim();
    const { status, stdout } = await runHere(["get", "--api", "spanner", `${DATABASE}/1`, "--endpoint", url]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("running") });
    server.kill("SIGTERM");
    await server.ended;
  });

  test("completes the names of APIs in bash, by --api and after apis", async () => {
    const { stdout: script } = await runHere(["completion", "bash"]);
    const complete = (words: string) =>
      spawnSync(
        "bash",
        [
          "-c",
          `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _longrunning; echo "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8" },
      ).stdout.trim();
    expect(complete("longrunning cancel --api spann")).toBe("spanner");
    expect(complete("longrunning get --api generi")).toBe("generic");
    expect(complete("longrunning get --api=spann")).toBe("--api=spanner"); // as zsh has it
    expect(complete("longrunning apis spann")).toBe("spanner");
  });
});

test("fish completes the names of APIs, where it is there", async () => {
  const { stdout } = await runHere(["completion", "fish"]);
  expect(stdout).toMatch(/^set -g __longrunning_apis .*\bspanner\b.*\bgeneric$/m);
  expect(stdout).toMatch(/-n '__fish_seen_subcommand_from cancel' -l api -x -a '\$__longrunning_apis'/);
  const file = join(home(), "apis.fish");
  writeFileSync(file, `${stdout}complete -C "longrunning cancel --api spann"\n`);
  const { error, stdout: completed } = spawnSync("fish", [file], { encoding: "utf8" });
  if (error === undefined) expect(completed).toMatch(/^spanner\t/);
});

describe("the request that describe shows", () => {
  const RUN = `${LOCATION}/operations/o`;
  test.each<[string[], string]>([
    [
      ["cancel", `//spanner.googleapis.com/${DATABASE}/1`],
      `POST https://spanner.googleapis.com/v1/${DATABASE}/1:cancel`,
    ],
    [["get", `https://run.googleapis.com/v2/${RUN}`], `GET https://run.googleapis.com/v2/${RUN}`],
    [
      ["get", `https://us-west1-run.googleapis.com/v2/${RUN}`],
      `GET https://us-west1-run.googleapis.com/v2/${RUN}`,
    ],
    [["get", RUN, "--api", "run"], `GET https://run.googleapis.com/v2/${RUN}`],
    [["get", RUN, "--api", "RUN.googleapis.com/v2"], `GET https://run.googleapis.com/v2/${RUN}`],
    [
      ["get", RUN, "--api", "run", "--region", "us-east1"],
      `GET https://us-east1-run.googleapis.com/v2/${RUN}`,
    ],
    [["get", RUN, "--api", "run.mtls.googleapis.com"], `GET https://run.mtls.googleapis.com/v2/${RUN}`],
    [
      ["get", RUN, "--api", "us-east1-run.googleapis.com"],
      `GET https://us-east1-run.googleapis.com/v2/${RUN}`,
    ],
    [
      ["list", DATABASE, "--api", "spanner", "--region", "me-central2"],
      `GET https://spanner.me-central2.rep.googleapis.com/v1/${DATABASE}`,
    ],
    [["get", RUN, "--endpoint", "https://run.googleapis.com"], `GET https://run.googleapis.com/v2/${RUN}`],
    [
      ["get", RUN, "--endpoint", "https://run.googleapis.com", "--http-prefix", "/v9"],
      `GET https://run.googleapis.com/v9/${RUN}`,
    ],
    [
      ["get", RUN, "--api", "generic", "--endpoint", "https://run.googleapis.com"],
      `GET https://run.googleapis.com/v1/${RUN}`,
    ],
    [
      ["get", "projects/p/locations/l/operations/o", "--api", "dialogflow/v3"],
      "GET https://dialogflow.googleapis.com/v3/",
    ],
    [
      ["get", "//admanager.googleapis.com/networks/1/operations/reports/runs/2"],
      "GET https://admanager.googleapis.com/v1/networks/1/",
    ],
    // The server was typed: a name's host is not looked at.
    [
      ["get", "https://evil.example/v3/operations/1", "--endpoint", "https://mine.example"],
      "GET https://mine.example/v3/operations/1",
    ],
    [
      ["get", "//evil.example/operations/1", "--endpoint", "https://mine.example"],
      "GET https://mine.example/v1/operations/1",
    ],
    [
      ["get", `https://run.googleapis.com/v2/${RUN}`, "--endpoint", "https://mine.example"],
      `GET https://mine.example/v2/${RUN}`,
    ],
  ])("of %j is %s", async (args, line) => {
    const { status, stdout, stderr } = await runHere(["describe", ...args]);
    expect({ status, stderr, first: stdout.split("\n", 1)[0] }).toEqual({
      status: 0,
      stderr: "",
      first: expect.stringContaining(line),
    });
  });
});

describe("helps with", () => {
  const profiles = {
    none: "",
    api: "api: spaner\n",
    endpoint: "endpoint: https://mine.example\n",
    both: "api: spanner\nhttp-prefix: /v1\n",
  };
  const rows: [string, string[], number, RegExp, (keyof typeof profiles)?][] = [
    ["an unknown API", ["--api", "spaner"], 2, /--api: unknown \(got "spaner"; did you mean spanner\?\)/],
    ["an unknown API of a profile", [], 2, /did you mean spanner/, "api"],
    ["an unknown version", ["--api", "spanner/v9"], 2, /--api: version unknown .*expected one of v1/],
    ["an API with a path", ["--api", "spanner/v1/x"], 2, /expected NAME or NAME\/VERSION/],
    ["an API with a slash and no version", ["--api", "spanner/"], 2, /expected NAME or NAME\/VERSION/],
    ["an API known by name only", ["--api", "sqladmin"], 2, /not published/],
    ["a host that is not Google's", ["//evil.example/operations/1"], 2, /unknown \(got "evil\.example"/],
    ["the same, with a profile's endpoint", ["//evil.example/operations/1"], 2, /unknown/, "endpoint"],
    ["a host that ends in Google's", ["//spanner.googleapis.com.evil.example/x/y"], 2, /unknown/],
    ["a link without TLS", ["http://run.googleapis.com/v2/x/y"], 2, /expected \/\/HOST\/NAME or https/],
    [
      "a link with a query",
      ["https://run.googleapis.com/v2/operations/1?alt=json"],
      2,
      /next: the name in that URL is operations\/1/,
    ],
    [
      "a link to a cancel",
      ["https://run.googleapis.com/v2/operations/1:cancel"],
      2,
      /name in that URL is operations\/1/,
    ],
    [
      "a name of another API",
      ["//run.googleapis.com/operations/1", "--api", "spanner"],
      67,
      /of another API/,
    ],
    [
      "a link of another version",
      ["https://spanner.googleapis.com/v2/x/operations/1", "--api", "spanner"],
      67,
      /of another version/,
    ],
    ["a region that is none", ["--api", "run", "--region", "evil.example/"], 2, /--region: not a region/],
    ["a region in upper case", ["--api", "run", "--region", "US-EAST1"], 2, /--region: not a region/],
    [
      "a region of no API",
      ["--region", "us-east1", "--endpoint", "https://mine.example"],
      2,
      /--region: is for Google's APIs/,
    ],
    ["rules beside an API", ["--api", "spanner", "--http-prefix", "/v1"], 2, /brings HTTP rules of its own/],
    ["rules beside an API in one profile", [], 2, /brings HTTP rules of its own/, "both"],
    ["an API over gRPC that has none", ["--api", "ftp", "--transport", "grpc"], 2, /REST only/],
    [
      "a name that several versions take",
      ["--api", "dialogflow"],
      67,
      /next: --api dialogflow\/v3\n.*next: --api dialogflow\/v2/,
    ],
    ["a name that no pattern takes", ["--api", "spanner"], 67, /expected projects\/\*\/instances/],
  ];
  // Each row has all columns: Jest hands a function in for one that is missing.
  test.each(
    rows.map(([what, args, status, help, profile = "none"]) => ({ what, args, status, help, profile })),
  )("$what", async ({ args, status, help, profile }) => {
    const cwd = join(home(), profile);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "longrunning.yaml"), profiles[profile]);
    const name = args[0]?.includes("//") === true ? [] : ["projects/p/locations/l/operations/1"];
    const ended = await runHere(["get", ...name, ...args, "--no-auth"], { cwd });
    expect(ended).toEqual({ status, stdout: "", stderr: expect.stringMatching(help) });
  });

  test("a method that an API does not have", async () => {
    const { status, stderr } = await runHere([
      "cancel",
      `${LOCATION}/keyRings/k/operations/1`,
      "--api",
      "cloudkms",
      "--no-auth",
    ]);
    expect({ status, stderr }).toEqual({
      status: 76,
      stderr: expect.stringContaining("has no CancelOperation; it has GetOperation"),
    });
  });
});

describe("a profile", () => {
  const profile = (name: string, text: string) => {
    const cwd = join(home(), name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "longrunning.yaml"), text);
    return cwd;
  };

  test("names the API of calls without a credential", async () => {
    const name = started(DATABASE);
    const cwd = profile("unauthenticated", `api: spanner/v1\nendpoint: ${emulator.baseUrl}\n`);
    expect(await runHere(["get", name], { cwd })).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([["api: spanner"], ["api: spanner\nregion: us-east1"]])(
    "of the working directory cannot set %j for a call with one",
    async (text) => {
      const cwd = profile("authenticated", text);
      const env = { LONGRUNNING_TOKEN: "not-a-secret" };
      const { status, stderr } = await runHere(["get", `${DATABASE}/1`], { cwd, env });
      expect(status).toBe(2);
      expect(stderr).toContain(
        `${cwd}/longrunning.yaml is not trusted, or has changed since: it may not set api`,
      );
    },
  );

  test("does not win over a name that was typed", async () => {
    const cwd = profile("typed", "api: run\n");
    const { stdout } = await runHere(["describe", "get", `//spanner.googleapis.com/${DATABASE}/1`], { cwd });
    expect(stdout).toContain(`GET https://spanner.googleapis.com/v1/${DATABASE}/1`);
  });
});

describe("longrunning apis", () => {
  test("lists every API, with the versions that can be called", async () => {
    const { status, stdout } = await runHere(["apis"]);
    const lines = stdout.trimEnd().split("\n");
    expect({ status, count: lines.length }).toEqual({ status: 0, count: apis().length });
    expect(lines).toContainEqual(expect.stringMatching(/^dialogflow +Dialogflow API +v3, v2/));
    expect(lines).toContainEqual(expect.stringMatching(/^sqladmin +Cloud SQL Admin API$/));
  });

  test.each(["spanner", "SPANNER", "Cloud Spanner", "spanner.googleapis.com"])(
    "finds Spanner by %s",
    async (filter) => {
      expect(await runHere(["apis", filter])).toEqual({
        status: 0,
        stdout: "spanner  Cloud Spanner API  v1\n",
        stderr: "",
      });
    },
  );

  test("is JSON that has all that the catalogue has, in every format", async () => {
    const { stdout } = await runHere(["apis", "spanner", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual(apis().filter(({ name }) => name === "spanner"));
    const lines = await runHere(["apis", "-o", "ndjson"]);
    expect(
      lines.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).name),
    ).toEqual(apis().map(({ name }) => name));
    expect((await runHere(["apis", "spanner", "-o", "yaml"])).stdout).toContain("- name: spanner\n");
  });

  test("says that nothing was found, and escapes what was typed", async () => {
    const { status, stdout, stderr } = await runHere(["apis", "no\u001b[31mne"]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "",
      stderr: 'no API has "no\\u001b[31mne" in its name or title\n',
    });
    expect(await runHere(["apis", "zzz", "-o", "json"])).toEqual({ status: 0, stdout: "[]\n", stderr: "" });
  });
});
