// SPDX-License-Identifier: Apache-2.0
import { spawn } from "@lydell/node-pty";
import { COMMAND, processOptions } from "../command.js";
import { type Screen, screenOf } from "./screen.js";
import { createTranscript } from "./transcript.js";

/** A program under way on a pseudo-terminal of its own: it cannot tell it from a window of somebody's desk. */
export interface Terminal {
  /** Presses keys. */
  type(keys: string): void;
  /** Resolves when this has been written to it, control sequences and all. */
  shows(text: string): Promise<void>;
  /** All that was written to it so far. */
  written(): string;
  screen(): Screen;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
  /** The exit status. */
  readonly ended: Promise<number>;
}

/** What the keyboard sends for Ctrl-C; that it becomes a signal is the terminal's doing. */
export const CTRL_C = "\u0003";

const open = new Set<() => void>();

afterAll(() => {
  for (const close of open) close();
});

/** Starts the command on a terminal so many characters wide. */
export function beginOnTerminal(
  args: readonly string[],
  columns: number,
  env: Readonly<Record<string, string>> = {},
): Terminal {
  return beginProgramOnTerminal(process.execPath, [COMMAND, ...args], columns, env);
}

/** Starts any program there. */
export function beginProgramOnTerminal(
  program: string,
  args: readonly string[],
  columns: number,
  env: Readonly<Record<string, string>> = {},
): Terminal {
  const options = processOptions({ env });
  const name = options.env.TERM ?? "xterm";
  const child = spawn(program, [...args], { ...options, name, cols: columns, rows: 24 });
  const close = () => child.kill("SIGKILL");
  open.add(close);
  const transcript = createTranscript();
  child.onData(transcript.add);
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      open.delete(close);
      transcript.end();
      resolve(exitCode);
    });
  });
  return {
    type: (keys) => child.write(keys),
    shows: (text) => transcript.until((written) => written.includes(text)),
    written: transcript.text,
    screen: () => screenOf(transcript.text(), columns),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** How lines of text stand on a terminal so many characters wide. */
export function wrapped(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]);
}
