// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../src/emulator.js";
import { begin, beginProgram, COMMAND, run } from "../command.js";
import { home } from "../home.js";

/** Names of standard input: many, or fewer and longer ones; together they are more than the heap that they go through. */
const COUNT = process.env.LONG === "1" ? 100_000 : 5_000;
const NAMES_BYTES = 40_000_000;

const PARENT = "networks/123/operations/reports/runs";
let emulator: Emulator;
let at: string[];

beforeAll(async () => {
  emulator = await startEmulator();
  at = ["--endpoint", emulator.baseUrl];
});
afterAll(() => emulator.close());

test("watch has no bar where standard error is no terminal, and Ctrl-C is told there as well", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 60_000 });
  const watch = begin(["watch", name, ...at]);
  await watch.said("running");
  watch.kill("SIGINT");
  const { status, stdout, stderr } = await watch.ended;
  expect({ status, stdout }).toEqual({ status: 130, stdout: `running    ${name}\n` });
  expect(stderr).toContain("the operation goes on");
  expect(stderr).not.toContain("[--");
});

test("a reader that has seen enough ends the command quietly", async () => {
  for (let index = 0; index < 300; index++) emulator.operations.start({ durationMs: 600_000 });
  const list = `"$0" "$1" list operations --page-size 1 --endpoint ${emulator.baseUrl} | head -1`;
  const { stdout, stderr } = await beginProgram("/bin/sh", ["-c", list, process.execPath, COMMAND]).ended;
  expect(stdout).toMatch(/^running {4}operations\/\d+\n$/);
  expect(stderr).toBe("");
});

test("a reader that goes away leaves the status that the command had come to", async () => {
  const name = emulator.operations.start({ durationMs: 600_000 });
  const cancel = `{ "$0" "$1" cancel operations/none ${name} --concurrency 1 --endpoint ${emulator.baseUrl}; echo $? >&2; } | true`;
  const { stderr } = await beginProgram("/bin/sh", ["-c", cancel, process.execPath, COMMAND]).ended;
  expect(stderr).toMatch(/^error: .*operations\/none.*\n(?:.*\n)*69\n$/);
});

const hasFullDisk = existsSync("/dev/full");
(hasFullDisk ? test : test.skip).each([
  "help",
  "version",
  "apis",
  "completion bash",
  "describe cancel networks/1/operations/reports/runs/2 --no-auth",
])("a full disk is an error of %s", async (command) => {
  const line = `"$0" "$1" ${command} >/dev/full`;
  const { status, stderr } = await beginProgram("/bin/sh", ["-c", line, process.execPath, COMMAND]).ended;
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "error: standard output: the disk is full (ENOSPC)\n",
  });
});

test("a token comes from a pipe, which can be read once, for every call", async () => {
  const names = [1, 2].map(() => emulator.operations.start({ durationMs: 0 })).join(" ");
  const wait = `echo token | "$0" "$1" wait ${names} --token-file /dev/stdin --endpoint ${emulator.baseUrl}`;
  const { status, stderr } = await beginProgram("/bin/sh", ["-c", wait, process.execPath, COMMAND]).ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(emulator.calls.slice(-2).map(({ headers }) => headers.authorization)).toEqual([
    "REDACTED",
    "REDACTED",
  ]);
});

test("names come from standard input, one a line, blank lines left out", async () => {
  const names = [1, 2].map(() => emulator.operations.start({ parent: PARENT, durationMs: 60_000 }));
  const { stdout, status } = await run(["cancel", "-", ...at], { input: `${names[0]}\n\n  ${names[1]}` });
  expect(status).toBe(0);
  expect(stdout.trim().split("\n").sort()).toEqual(names.map((name) => `requested  ${name}`).sort());
});

test(`${COUNT} names of standard input go through in flat memory`, async () => {
  const server = await startReadyServer();
  const id = (index: number) => String(index).padStart(Math.max(300, NAMES_BYTES / COUNT), "0");
  const names = function* () {
    for (let hundred = 0; hundred < COUNT / 100; hundred++) {
      yield Array.from({ length: 100 }, (_, index) => `${PARENT}/${id(hundred * 100 + index)}\n`).join("");
    }
  };
  const command = ["cancel", "-", "--concurrency", "64", "--endpoint", server.baseUrl];
  // A heap this small does not hold so many names, let alone a promise and a report for each. Node's young generation
  // would by default be larger than all of it, and keep the collector at work without a pause.
  const small = ["--max-old-space-size=40", "--max-semi-space-size=8", COMMAND, ...command];
  const { status, stdout } = await beginProgram(process.execPath, small, { input: names() }).ended;
  server.close();
  expect(status).toBe(0);
  expect(server.answered()).toBe(COUNT);
  expect(stdout.match(/^requested {2}/gm)).toHaveLength(COUNT);
}, 180_000);

/** Answers each request with the same ready bytes: the time that a test takes is then the command's. */
async function startReadyServer() {
  const answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
  let answered = 0;
  const server = createServer((socket) => {
    let rest = "";
    socket.on("error", () => undefined); // The command may have gone.
    socket.setEncoding("latin1").on("data", (text: string) => {
      // A cancel has no body, so that its request ends with the blank line; that may come in two pieces.
      const requests = `${rest}${text}`.split("\r\n\r\n");
      rest = requests.pop() ?? "";
      answered += requests.length;
      socket.write(answer.repeat(requests.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, answered: () => answered, close: () => server.close() };
}

describe("the emulator command", () => {
  test("prints how to reach it, serves what its script says, and ends by a signal", async () => {
    writeFileSync(join(home(), "script.yaml"), SCRIPT);
    const script = ["--script", "script.yaml"];
    const { kill, said, ended } = begin(["emulator", "--port", "0", "--format", "ndjson", ...script]);
    const { baseUrl } = JSON.parse(await said("}\n"));
    const failed = await run(["wait", "operations/broken", "--endpoint", baseUrl]);
    expect(failed).toMatchObject({
      status: 3,
      stdout: "failed     operations/broken  NOT_FOUND: no such table\n",
    });
    const denied = await run(["delete", "operations/broken", "--endpoint", baseUrl]);
    expect(denied.status).toBe(71);
    const report = await run([
      "run-report",
      "networks/1/reports/2",
      "--interval",
      "20ms",
      "--endpoint",
      baseUrl,
    ]);
    expect(report.status).toBe(0);
    kill("SIGTERM");
    expect(await ended).toMatchObject({ status: 0, stderr: "" });
  });

  test("says which port is taken, and what its script has wrong", async () => {
    const taken = await run(["emulator", "--port", String(emulator.port)]);
    expect(taken).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`port ${emulator.port} is taken`),
    });
    writeFileSync(join(home(), "wrong.yaml"), "operations:\n- name: operations/1\n  durration: 5s\n");
    const wrong = await run(["emulator", "--port", "0", "--script", "wrong.yaml"]);
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining("durration") });
  });
});

const SCRIPT = `
operations:
- name: operations/broken
  duration: 0s
  error: { code: NOT_FOUND, message: no such table }
report-runs: { duration: 50ms }
faults:
- { kind: error, method: google.longrunning.Operations.DeleteOperation, code: PERMISSION_DENIED }
`;
