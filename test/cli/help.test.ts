// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { VERSION } from "../../src/names/version.js";
import { home } from "./home.js";
import { beginHere, helpOf, runHere, wordsOf } from "./in-process.js";

const RUN = "networks/123/operations/reports/runs/456";
const COMMANDS = [
  "cancel",
  "get",
  "list",
  "wait",
  "watch",
  "delete",
  "run-report",
  "describe",
  "apis",
  "emulator",
  "trust",
  "completion",
];

/** An example may wait for seconds: one of each command, and all of them in long tests. */
const IS_LONG = process.env.LONG === "1";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ reportRuns: { durationMs: 100 } });
  emulator.operations.start({ parent: "networks/123/operations/reports/runs", id: "456", durationMs: 500 });
  for (const id of ["1", "2"]) emulator.operations.start({ id, durationMs: 60_000 });
  writeFileSync(join(home(), "longrunning.yaml"), "format: text\n");
  writeFileSync(join(home(), "names.txt"), `${RUN}\n`);
});
afterEach(() => emulator.close());

test("the first page names every command and every exit status", async () => {
  const { stdout, status } = await runHere(["--help"]);
  expect(status).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(stdout).toContain("64 + gRPC code");
});

test("the version is the package's, however it is asked for", async () => {
  const { version } = jest.requireActual<{ version: string }>("../../package.json");
  for (const args of [["--version"], ["-v"], ["version"]]) {
    expect(await runHere(args)).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  }
  expect(VERSION).toBe(version);
});

test.each(COMMANDS)(
  "help %s is short, and its examples work against the emulator",
  async (command) => {
    const stdout = await helpOf("help", command);
    expect(stdout.split("\n").length).toBeLessThan(64);
    expect(stdout).not.toMatch(/\(default: [^)]*\)\s+\(default|default: \[|default: "/);
    const examples = [...stdout.matchAll(/^ {2}\$ longrunning (.+)$/gm)].map(([, line = ""]) => line);
    expect(examples.length).toBeGreaterThan(0);
    for (const line of IS_LONG ? examples : examples.slice(0, 1)) {
      const pointed = line
        .replace("http://localhost:8080", emulator.baseUrl)
        .replace("--port 8080", "--port 0");
      const [words = "", file] = pointed.split(" <");
      if (command === "emulator") {
        const server = beginHere(wordsOf(words));
        await server.said("127.0.0.1");
        server.kill("SIGTERM");
        expect(await server.ended).toMatchObject({ status: 0 });
        continue;
      }
      const input = file === undefined ? "" : readFileSync(join(home(), file), "utf8");
      const ended = await runHere(wordsOf(words), { input });
      // Its operation has ended well when it is cancelled late, which is told by a status of its own.
      expect({ line, ...ended }).toMatchObject({ line, status: expect.any(Number) });
      expect([0, 4, 5]).toContain(ended.status);
      expect(ended.stderr).not.toContain("error:");
    }
  },
  40_000,
);

test.each(["bash", "zsh", "fish"])(
  "the completion script for %s is taken by that shell, where it is there",
  async (shell) => {
    const { stdout, status } = await runHere(["completion", shell]);
    expect(status).toBe(0);
    for (const command of COMMANDS) expect(stdout).toContain(command);
    // From a file: Debian's fish 3.6 ends with 127 when it checks standard input.
    const file = join(home(), `completion.${shell}`);
    writeFileSync(file, stdout);
    const checked = spawnSync(shell, ["-n", file]);
    if (checked.error === undefined) expect(checked.status).toBe(0);
  },
);

test("bash completes files where a file is taken", async () => {
  if (spawnSync("bash", ["-c", "true"]).error !== undefined) return;
  const { stdout: script } = await runHere(["completion", "bash"]);
  writeFileSync(join(home(), "image 1.binpb"), "");
  writeFileSync(join(home(), "image.yaml"), "");
  const complete = (words: string) =>
    spawnSync(
      "bash",
      [
        "-c",
        `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _longrunning; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { encoding: "utf8", cwd: home() },
    )
      .stdout.trim()
      .split("\n")
      .sort();
  const files = ["image 1.binpb", "image.yaml"];
  for (const command of COMMANDS) {
    const flags = (await helpOf("help", command)).match(/--[a-z-]+(?= <file>)/g) ?? [];
    for (const flag of flags) expect(complete(`longrunning ${command} ${flag} im`)).toEqual(files);
  }
  expect(complete("longrunning emulator --tls-cert = im")).toEqual(files);
  expect(complete("longrunning emulator --tls-client-ca=im")).toEqual(
    files.map((file) => `--tls-client-ca=${file}`), // as zsh has it
  );
  expect(complete("longrunning trust im")).toEqual(files);
  expect(complete("longrunning trust --revoke im")).toEqual(files);
  expect(complete("longrunning trust --rev")).toEqual(["--revoke"]);
  expect(complete("longrunning get im")).toEqual([""]);
});

test("bash completes a command, its flags and their values", async () => {
  if (spawnSync("bash", ["-c", "true"]).error !== undefined) return;
  const { stdout: script } = await runHere(["completion", "bash"]);
  const complete = (words: string) =>
    spawnSync(
      "bash",
      [
        "-c",
        `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _longrunning; echo "\${COMPREPLY[@]}"`,
      ],
      {
        encoding: "utf8",
      },
    ).stdout.trim();
  expect(complete("longrunning can")).toBe("cancel");
  expect(complete("longrunning cancel --wa")).toBe("--wait");
  expect(complete("longrunning get --format nd")).toBe("ndjson");
  expect(complete("longrunning get -o nd")).toBe("ndjson");
  expect(complete("longrunning get --format = j")).toBe("json"); // as bash splits --format=j
  expect(complete("longrunning get --format =")).toBe("text json yaml ndjson");
  expect(complete("longrunning get --transport=g")).toBe("--transport=grpc"); // as zsh has it
  expect(complete("longrunning describe de")).toBe("delete");
  expect(complete("longrunning describe cancel --form")).toBe("--format");
});
