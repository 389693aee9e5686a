// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/program.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { home } from "./home.js";
import { beginHere, runHere } from "./in-process.js";

// What programs of Windows hand over: text in UTF-16 or with a mark, line ends of two characters, Ctrl-Break.

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.operations.start({ id: "endless", durationMs: Number.POSITIVE_INFINITY });
});
afterAll(() => emulator.close());

const utf8 = (text: string) => Buffer.from(text);
const utf8WithMark = (text: string) => Buffer.from(`\ufeff${text}`);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"); // `>` of Windows PowerShell 5
const ENCODINGS = { "UTF-8": utf8, "UTF-8 with its mark": utf8WithMark, "UTF-16": utf16 };

describe.each(Object.entries(ENCODINGS))("a file in %s, with CRLF,", (_, encoded) => {
  const write = (file: string, ...lines: string[]) =>
    writeFileSync(join(home(), file), encoded(`${lines.join("\r\n")}\r\n`));

  test("is read as settings", async () => {
    const name = emulator.operations.start();
    write("longrunning.yaml", `endpoint: ${emulator.baseUrl}`, "format: json");
    const { status, stdout } = await runHere(["get", name]);
    expect({ status, name: JSON.parse(stdout).name }).toEqual({ status: 0, name });
    write("longrunning.yaml", "");
  });

  test("is read as a token", async () => {
    const name = emulator.operations.start();
    write("token", "abc");
    const { status, stderr } = await runHere([
      ...["get", name, "--token-file", "token"],
      ...["--endpoint", emulator.baseUrl],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("is read as the emulator's script", async () => {
    write("script.yaml", "operations:", "- name: operations/written", "  duration: never");
    const { kill, said, ended } = beginHere(["emulator", "--port", "0", "--script", "script.yaml"]);
    const [baseUrl] = /http:\S+/.exec(await said("http:")) ?? [];
    expect((await fetch(`${baseUrl}/v1/operations/written`)).status).toBe(200);
    kill("SIGTERM");
    await ended;
  });
});

test("names on standard input may end with CRLF, and begin with a mark", async () => {
  const names = [emulator.operations.start(), emulator.operations.start()];
  const args = ["cancel", "-", "--quiet", "--endpoint", emulator.baseUrl];
  const { status, stderr } = await runHere(args, { input: `\ufeff${names.join("\r\n")}\r\n` });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.each([
  ["SIGBREAK", ["emulator", "--port", "0"], 130],
  ["SIGHUP", ["emulator", "--port", "0"], 129],
  ["SIGBREAK", ["wait", "operations/endless"], 130],
])("%s ends `%j` with the status %d", async (wanted, args, status) => {
  const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const ended = await run({
    args: args[0] === "wait" ? [...args, "--endpoint", emulator.baseUrl] : args,
    env: { HOME: home() },
    cwd: home(),
    stdin: Readable.from([]),
    stdout: sink(),
    stderr: sink(),
    onSignal: (signal, listener) => {
      if (signal === wanted) setImmediate(listener);
      return () => undefined;
    },
    exit: (status) => {
      throw new Error(`ended at once, with ${status}`);
    },
  });
  expect(ended).toBe(status);
});
