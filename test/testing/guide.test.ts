// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { docExamples } from "../architecture/doc-examples.js";
import { root } from "../architecture/source-files.js";

// The examples of docs/testing.md, in a project that has this package installed as it was built.

const run = promisify(execFile);
const examples = new Map(docExamples("docs/testing.md").map((example) => [example.name, example.code]));

const codeOf = (name: string): string => {
  const code = examples.get(name);
  if (code === undefined) throw new Error(`docs/testing.md has no example ${name}`);
  return code;
};

/** The folder of the project. */
let project = "";

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "longrunning-guide-"));
  const installed = join(project, "node_modules", "longrunning");
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  const packageJson = readFileSync(join(root, "package.json"), "utf8");
  writeFileSync(join(installed, "package.json"), packageJson);
  const { dependencies } = JSON.parse(packageJson) as { dependencies: Record<string, string> };
  for (const name of [...Object.keys(dependencies), "@grpc/grpc-js", "@google-ads/admanager", "vitest"]) {
    const link = join(project, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }
  writeFileSync(join(project, "package.json"), "{}");
  const stopRun = codeOf("stop-run");
  writeFileSync(join(project, "stop-run.mjs"), stopRun);
  writeFileSync(
    join(project, "stop-run.cjs"),
    `${stopRun.replace(/^export /m, "")}\nmodule.exports = { stopRun };\n`,
  );
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What a process prints; it throws, with the same, when the process fails. */
async function outputOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NODE_ENV: ___, NODE_TEST_CONTEXT: ____, ...own } = process.env;
  const { stdout, stderr } = await run(process.execPath, args, {
    cwd: project,
    env: { ...own, ...env, CI: "true", NO_COLOR: "1" },
    timeout: 100_000,
  });
  return `${stdout}${stderr}`;
}

const tool = (...path: string[]) => join(root, "node_modules", ...path);
const jestOf = (pattern: string) => [
  tool("jest", "bin", "jest.js"),
  ...["--rootDir", project, "--testMatch", `**/${pattern}`, "--runInBand"],
];

test.each<[name: string, file: string, args: () => string[], passed: RegExp, env: NodeJS.ProcessEnv]>([
  ["node-test", "node.test.mjs", () => ["--test", "--test-reporter=tap", "node.test.mjs"], /^# pass 2$/m, {}],
  ["other-api", "api.test.mjs", () => ["--test", "--test-reporter=tap", "api.test.mjs"], /^# pass 2$/m, {}],
  [
    "jest-commonjs",
    "commonjs.test.cjs",
    () => jestOf("commonjs.test.cjs"),
    /^Tests: +2 passed, 2 total$/m,
    {},
  ],
  [
    "jest-esm",
    "esm.test.mjs",
    () => jestOf("esm.test.mjs"),
    /^Tests: +2 passed, 2 total$/m,
    { NODE_OPTIONS: "--experimental-vm-modules" },
  ],
  [
    "fake-timers-jest",
    "timers.test.cjs",
    () => jestOf("timers.test.cjs"),
    /^Tests: +1 passed, 1 total$/m,
    {},
  ],
  [
    "vitest",
    "vitest.test.mjs",
    () => [tool("vitest", "vitest.mjs"), "run", "vitest.test.mjs"],
    /Tests +2 passed \(2\)/,
    {},
  ],
])(
  "the example %s passes",
  async (name, file, args, passed, env) => {
    writeFileSync(join(project, file), codeOf(name));
    expect(await outputOf(args(), env)).toMatch(passed);
  },
  120_000,
);

/** The folder of a command `curl` for machines without one. */
function standIn(): string {
  const folder = join(project, "bin");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(__dirname, "curl-stand-in.cjs"), join(folder, "curl"));
  chmodSync(join(folder, "curl"), 0o755);
  return folder;
}

describe("the commands for a shell", () => {
  const path = process.env.PATH ?? "";
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ reportRuns: { durationMs: 600_000 } });
  });
  afterEach(() => emulator.close());

  const runCommands = async (PATH: string) => {
    const shell = { env: { PATH, EMULATOR: emulator.baseUrl }, timeout: 60_000 };
    const { stdout } = await run("sh", ["-ec", codeOf("shell")], shell);
    const name = "networks/123/operations/reports/runs/1";
    // One JSON text after the other, as curl leaves them.
    const answers = JSON.parse(`[${stdout.trim().replaceAll(/\}\s*\{/g, "},{")}]`);
    expect(answers).toMatchObject([
      { name, metadata: { report: "networks/123/reports/789" } },
      { name },
      {},
      { name, done: true, error: { code: 1 } },
      { error: { code: 404, status: "NOT_FOUND" } },
      { operations: [{ name }] },
    ]);
    expect(emulator.calls.map((call) => [call.protocol, call.requestLine, call.status])).toEqual([
      ["rest", "POST /v1/networks/123/reports/789:run HTTP/1.1", "OK"],
      ["rest", `GET /v1/${name} HTTP/1.1`, "OK"],
      ["rest", `POST /v1/${name}:cancel HTTP/1.1`, "OK"],
      ["rest", `GET /v1/${name} HTTP/1.1`, "OK"],
      ["rest", "GET /v1/operations/nobody HTTP/1.1", "NOT_FOUND"],
      ["connect", "POST /google.longrunning.Operations/ListOperations HTTP/1.1", "OK"],
    ]);
  };

  test("do what they say, by this machine's curl, or by a stand-in where it has none", async () => {
    const hasCurl = await run("curl", ["--version"]).then(
      () => true,
      () => false,
    );
    await runCommands(hasCurl ? path : `${standIn()}:${path}`);
  }, 60_000);

  test("do the same by the stand-in", async () => {
    await runCommands(`${standIn()}:${path}`);
  }, 60_000);
});

test("the emulator that they need starts as written, and stops with its process", async () => {
  writeFileSync(join(project, "emulator.mjs"), `${codeOf("start-emulator")}\nprocess.exit();\n`);
  expect(await outputOf(["emulator.mjs"], { PORT: "0" })).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
});

test("the control API does what the guide's commands say", async () => {
  await using emulator = await startEmulator();
  const path = `${standIn()}:${process.env.PATH}`;
  const shell = { env: { PATH: path, EMULATOR: emulator.baseUrl }, timeout: 60_000 };
  const { stdout } = await run("sh", ["-ec", codeOf("control")], shell);
  const responses = JSON.parse(`[${stdout.trim().replaceAll(/\}\s*\{/g, "},{")}]`);
  expect(responses).toMatchObject([
    { name: "operations/import", state: "running" },
    { name: "operations/import", state: "failed", operation: { error: { code: 15, message: "row 7" } } },
    { id: "1" },
    { id: "2" },
    {},
    { time: expect.any(String) },
    { calls: [] },
    { calls: [] },
    {},
  ]);
  expect(emulator.operations.find("operations/import")).toBeUndefined();
});

test("Google's client for Node starts a run by the guide's lines", async () => {
  await using emulator = await startEmulator();
  writeFileSync(join(project, "google-client.mjs"), codeOf("google-client"));
  const output = await outputOf(["google-client.mjs"], { EMULATOR: emulator.baseUrl });
  expect(output).toMatch(/^networks\/123\/operations\/reports\/runs\/1$/m);
}, 60_000);

test("every example of the guide that has a name runs here, or by npm run test:peers", () => {
  const ran = [
    "stop-run",
    "node-test",
    "vitest",
    "jest-esm",
    "jest-commonjs",
    "other-api",
    "start-emulator",
    "shell",
  ];
  const named = [...examples.keys()].filter((name) => name !== undefined);
  expect(named).toEqual([...ran, "control", "python", "google-client", "fake-timers-jest"]);
});
