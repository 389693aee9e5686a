// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND, processOptions } from "../command.js";
import { home } from "../home.js";
import { createTranscript } from "./transcript.js";

/** A shell in an empty folder, into which lines are typed one after another. */
export interface Shell {
  /** Types a line. Resolves when the shell is ready for the next one; what was sent to the background goes on. */
  type(line: string): Promise<void>;
  /**
   * What the lines have printed so far. Standard output and standard error are one pipe, to which Node writes before it goes
   * on, so that the order is that of the writes.
   */
  printed(): string;
  /** Resolves when what is printed is as wanted. */
  until(isWanted: (printed: string) => boolean): Promise<void>;
  /** Ends the shell, and what it has in the background. */
  close(): Promise<void>;
}

/** Stands where a prompt would; no command prints it. */
const READY = "\u001e";

/**
 * Evaluates lines in one shell process. They come by a descriptor of their own: a program that was started would make the
 * standard input that it shares with the shell non-blocking, or read the next line away. `again` has each line find in `$?`
 * what the line before it left there. A shell whose lines have ended takes its emulator with it, even when it is the test
 * that has died and nobody reads what is printed.
 */
const LOOP = `
exec 3<&0 </dev/null 2>&1
trap '[ -z "$!" ] || kill "$!"' EXIT
trap : PIPE
status=0
again() { return "$status"; }
while IFS= read -r line <&3; do
  again
  eval "$line" 3<&-
  status=$?
  printf '\\036'
done
`;

const running = new Set<ChildProcess>();

afterAll(() => {
  // The whole process group: a shell that is killed cannot end its children.
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, "SIGKILL");
});

/** Starts `/bin/sh` where `longrunning` and `npx longrunning` are the command as it was built. */
export function openShell(): Shell {
  const bin = commands();
  const { env } = processOptions({});
  const child = spawn("/bin/sh", ["-c", LOOP], {
    cwd: mkdtempSync(join(home(), "session-")),
    env: { ...env, PATH: `${bin}:${env.PATH}` },
    stdio: ["pipe", "pipe", "inherit"],
    detached: true, // in a process group of its own
  });
  running.add(child);
  const transcript = createTranscript();
  child.stdout.setEncoding("utf8").on("data", transcript.add);
  // The output ends when the last process that holds it has gone, and not when the shell has.
  const closed = once(child, "close").then(() => {
    running.delete(child);
    transcript.end();
  });
  const printedOf = (text: string) => text.replaceAll(READY, "");
  let typed = 0;
  return {
    type: async (line) => {
      typed++;
      child.stdin.write(`${line}\n`);
      await transcript.until((text) => text.split(READY).length > typed);
    },
    printed: () => printedOf(transcript.text()),
    until: (isWanted) => transcript.until((text) => isWanted(printedOf(text))),
    close: () => {
      child.stdin.end();
      return closed;
    },
  };
}

/**
 * Makes the commands that a session uses. They are programs and not functions of the shell, since a function in the background
 * runs in a shell of its own, and `$!` would be that shell.
 */
function commands(): string {
  const bin = join(home(), "bin");
  mkdirSync(bin, { recursive: true });
  const program = (name: string, line: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  program("longrunning", `"${process.execPath}" "${COMMAND}" "$@"`);
  program("npx", '"$@"');
  return bin;
}
