// SPDX-License-Identifier: Apache-2.0
// Writes docs/images/session.svg: the session of README.md, typed into a shell with the built command line. Run it after a change of
// that session; a test holds that both show the same.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIfStale } from "./build-if-stale.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const COLUMNS = 108;
const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.4;
const PADDING = 16;

/** The lines that are typed, and how many the shell then prints, from the first console block of README.md. */
function typedLines() {
  const [, block = ""] =
    /```console\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [line, ...printed] = step.trimEnd().split("\n");
      return { line, printed: printed.length };
    });
}

/** Types the lines, one when the last has printed what it prints, and returns the lines of the screen. */
async function record(lines) {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-session-"));
  const command = join(folder, "longrunning");
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${root}dist/node/src/cli/main.js" "$@"\n`);
  chmodSync(command, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
  const shell = spawn(
    "sh",
    ["-c", "exec 2>&1; trap 'kill $!' EXIT; while IFS= read -r line; do eval \"$line\" </dev/null; done"],
    { cwd: folder, env },
  );
  const screen = [];
  let text = "";
  let port = "8080";
  const grown = { call: () => undefined };
  shell.stdout.setEncoding("utf8").on("data", (part) => {
    text += part;
    grown.call();
  });
  for (const { line, printed } of lines) {
    text = "";
    shell.stdin.write(`${line.replace(/ &$/, " --port 0 &").replaceAll(":8080", `:${port}`)}\n`);
    await new Promise((resolve) => {
      grown.call = () => text.split("\n").length > printed && resolve();
      grown.call();
    });
    port = /^http:\/\/127\.0\.0\.1:(\d+)$/m.exec(text)?.[1] ?? port;
    screen.push(
      `$ ${line}`,
      ...text
        .trimEnd()
        .split("\n")
        .filter((each) => each !== ""),
    );
  }
  shell.stdin.end();
  await new Promise((resolve) => shell.once("close", resolve));
  rmSync(folder, { recursive: true });
  return screen.map((line) => line.replaceAll(`:${port}`, ":8080"));
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** One line of the screen; it appears after those before it, unless the reader prefers no motion. */
function textOf(line, index) {
  const y = PADDING + 34 + index * LINE_HEIGHT;
  const shown = line.startsWith("$ ")
    ? `<tspan class="prompt">$</tspan> <tspan class="typed">${escaped(line.slice(2))}</tspan>`
    : escaped(line);
  return `  <text x="${PADDING}" y="${y}" style="animation-delay:${(index * 0.35).toFixed(2)}s">${shown}</text>`;
}

function svgOf(screen) {
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH) + 2 * PADDING;
  const height = screen.length * LINE_HEIGHT + 2 * PADDING + 28;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">A terminal: an emulator is started, an operation is cancelled and waited for, and the exit status is 4</title>
  <style>
    .window { fill: #0d1117; stroke: #30363d; }
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre; animation: appear .2s both; }
    .prompt { fill: #7ee787; }
    .typed { fill: #ffffff; font-weight: 600; }
    @keyframes appear { from { opacity: 0; } }
    @media (prefers-reduced-motion: reduce) { text { animation: none; } }
  </style>
  <rect class="window" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
  <circle cx="20" cy="18" r="5" fill="#ff5f57"/><circle cx="38" cy="18" r="5" fill="#febc2e"/><circle cx="56" cy="18" r="5" fill="#28c840"/>
${screen.map(textOf).join("\n")}
</svg>
`;
}

buildIfStale();
writeFileSync(join(root, "docs/images/session.svg"), svgOf(await record(typedLines())));
