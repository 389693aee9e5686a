// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { parse } from "yaml";
import { createPrinter } from "../../src/cli/output/printer.js";
import { createWriter } from "../../src/cli/output/writer.js";
import { run } from "../../src/cli/program.js";
import { escapeJson, escapeText } from "../../src/names/escape.js";
import { anyText } from "../any-text.js";
import { httpAnswer, startRawServer } from "../transport/raw-server.js";

/** A title, a link, the clipboard, a cleared screen, colours by C1, the order of letters, ends of lines and forged rows. */
const PLANTED = [
  "\u001b]0;owned\u0007",
  "\u001b]8;;http://evil.example\u001b\\",
  "\u001b]52;c;ZXZpbA==\u0007",
  "\u001b[2J\u001b[31m",
  "\u009b31m\u0085\u007f",
  "\u202e\u2066\u061c\u200f",
  "\u2028\u2029\ufeff\u{e0041}",
  "\nsucceeded  operations/forged\r\nerror: forged\t",
];
const EVIL = PLANTED.join("x");
/** What may stand nowhere in what is printed; only a line's end may. */
const RAW =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\u{e0041}/u;
const FORGED = /^\s*(succeeded|error:?)\s+(operations\/)?forged/m;
const RUNS = "networks/1/operations/reports/runs";
const FORMATS = ["text", "json", "yaml", "ndjson"];

const struct = {
  "@type": "type.googleapis.com/google.protobuf.Struct",
  value: { [EVIL]: EVIL, plain: [EVIL] },
};
const unknown = { "@type": `type.googleapis.com/${EVIL}`, [EVIL]: EVIL };
const failed = (name: string) => ({
  name,
  done: true,
  metadata: struct,
  error: { code: 9, message: EVIL, details: [struct, unknown] },
});
const succeeded = (name: string) => ({ name, done: true, metadata: unknown, response: struct });
const refused = {
  error: { code: 403, message: EVIL, status: "PERMISSION_DENIED", details: [struct, unknown] },
};

/** A server whose every text is planted. */
async function startHostileServer() {
  return startRawServer((socket, request) => {
    const [, method = "", path = ""] = /^(\S+) (\S+)/.exec(request) ?? [];
    const name = decodeURIComponent(path.replace(/^\/v1\//, "").replace(/[:?].*$/, ""));
    const headers = { "content-type": "application/json", "x-request-id": "1" };
    const answer = (status: number, body: unknown) =>
      socket.write(httpAnswer(status, JSON.stringify(body), headers));
    if (path.includes("refused")) answer(403, refused);
    else if (path.includes(":run")) answer(200, failed(`${RUNS}/7`));
    else if (method === "GET" && name === "operations")
      answer(200, { operations: [failed(EVIL), succeeded(EVIL)], unreachable: [EVIL] });
    else if (method === "GET") answer(200, failed(name));
    else answer(200, {});
  });
}

/** Runs the command in this process. */
async function printed(args: readonly string[], input = "", folder = tmpdir()) {
  const output = { stdout: "", stderr: "" };
  const streamOf = (name: "stdout" | "stderr") => {
    const stream = new PassThrough();
    stream.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
    return stream;
  };
  const status = await run({
    args,
    env: { HOME: folder, XDG_CONFIG_HOME: join(folder, "config") },
    cwd: folder,
    stdin: Readable.from([input]),
    stdout: streamOf("stdout"),
    stderr: streamOf("stderr"),
    onSignal: () => () => undefined,
    exit: () => {
      throw new Error("it ended at once");
    },
  });
  return { status, ...output };
}

/** Each command, with names of its own or on standard input, and how many lines of text its data are. */
const COMMANDS: [args: string[], input: string][] = [
  [["get", "operations/1"], ""],
  [["get", "operations/refused"], ""],
  [["list", "operations", "--partial"], ""],
  [["list", "operations/refused"], ""],
  [["wait", "operations/1", "operations/refused"], ""],
  [["wait", "-"], `${EVIL}\noperations/1\n`],
  [["watch", "operations/1"], ""],
  [["cancel", "operations/1", "--wait"], ""],
  [["cancel", "-"], `a\u001b]0;owned\u0007\n${EVIL}\noperations/refused\n`],
  [["delete", "-"], `${EVIL}\noperations/1`],
  [["describe", "get", `operations/${EVIL}`], ""],
  [["run-report", "networks/1/reports/2", "--api", "admanager"], ""],
  [["get", EVIL], ""],
  [["get", "operations/1", `--${EVIL}`], ""],
  [[EVIL], ""],
  // Redacted from now on in this process: another text than all the rest.
  [["get", "operations/1", "--header", `header ${EVIL}`], ""],
  [["get", "operations/1", "--service-config", EVIL], ""],
  [["get", "operations/1", "--log-http=body"], ""],
  [["wait", "operations/1", "operations/refused", "--verbose"], ""],
  [["cancel", "-", "--log-http"], `${EVIL}\noperations/refused\n`],
  [["watch", "--all", "operations", "--timeout", "200ms"], ""],
  [["list", "operations", "--filter", EVIL], ""],
  [["trust", EVIL], ""],
  [["emulator", "--script", EVIL], ""],
];

describe.each(FORMATS)("with --format %s", (format) => {
  test.each(COMMANDS)("%j prints no control of the server's or of a name", async (args, input) => {
    const { baseUrl } = await startHostileServer();
    const isLocal = ["trust", "emulator"].includes(args[0] ?? "");
    const at = isLocal ? [] : ["--http-prefix", "/v1", "--endpoint", baseUrl, "--retry", "0"];
    const { stdout, stderr } = await printed([...args, ...at, "--format", format], input);
    expect(`${stdout}${stderr}`).not.toMatch(RAW);
    expect(`${stdout}${stderr}`).not.toMatch(FORGED);
    expect(stdout + stderr).not.toBe("");
    if (stdout === "" || format === "text") return;
    const data = format === "yaml" ? parse(stdout) : format === "json" ? JSON.parse(stdout) : undefined;
    const lines =
      format === "ndjson"
        ? stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line))
        : [data];
    // Nothing is lost: what is parsed is what the server sent.
    const all = JSON.stringify(lines);
    if (all.includes("metadata")) expect(all).toContain(JSON.stringify(EVIL).slice(1, -1));
  });
});

test("the text of a hostile operation has a line for each of its own, and no other", async () => {
  const { baseUrl } = await startHostileServer();
  const { stdout } = await printed(["list", "operations", "--http-prefix", "/v1", "--endpoint", baseUrl]);
  expect(stdout.split("\n")).toEqual([
    `failed     ${escapeText(EVIL)}  FAILED_PRECONDITION: ${escapeText(EVIL.replace(/\s+/g, " ").trim())}`,
    `succeeded  ${escapeText(EVIL)}`,
    "",
  ]);
});

test("a trusted file whose name has controls is listed in one line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-escape-"));
  const cwd = join(folder, "a\u001b]0;owned\u0007\nb");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "longrunning.yaml"), "format: text\n");
  const { stdout } = await printed(["trust", join(cwd, "longrunning.yaml")], "", folder);
  expect(stdout).toMatch(/^trusted {4}\S+a\\u001b\]0;owned\\u0007\\nb\/longrunning.yaml\n$/);
});

test("any text keeps its meaning in JSON and YAML, and its place in text", async () => {
  const texts = fc.oneof(anyText(), fc.constantFrom(...PLANTED, "", "- a", "a: b", "\n\n x\n"));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(escapeText(text)).not.toMatch(RAW);
      expect(escapeText(text)).not.toContain("\n");
      const stream = new PassThrough();
      stream.setEncoding("utf8");
      const json = { name: text, state: "running", [`k${text}`]: [text] };
      for (const format of ["json", "yaml"] as const) {
        const printer = await createPrinter(stream, createWriter(stream, "never", {}), format, false);
        await printer.print({ json, lines: [] });
        const document = String(stream.read());
        expect(document).not.toMatch(RAW);
        expect(format === "json" ? JSON.parse(document) : parse(document)).toEqual(json);
      }
    }),
  );
  expect(escapeJson('"\u009b"\n')).toBe('"\\u009b"\n');
});
