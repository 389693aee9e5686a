// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import {
  addFlags,
  LOG_FLAGS,
  OUTPUT_FLAGS,
  ROWS_OUTPUT_FLAGS,
  TARGET_FLAGS,
  TIME_FLAGS,
} from "../arguments/flags.js";
import type { TypedFlags } from "../arguments/settings.js";
import type { Plan, Session } from "../session/session.js";

/** Runs a command in a session. The session's code is loaded only then, not for a help page. */
export type Start = (
  typed: TypedFlags,
  plan: Plan,
  work: (session: Session) => Promise<void>,
) => Promise<void>;

/** Adds the flags of every command that calls an API; `own` adds those between. */
export function addCallFlags(command: Command, own: (command: Command) => void = () => undefined): Command {
  addFlags(command, "Time:", TIME_FLAGS);
  own(command);
  addFlags(command, "Target:", TARGET_FLAGS);
  addProfileFlags(command);
  addFlags(command, "Output:", OUTPUT_FLAGS);
  return addFlags(command, "Output:", LOG_FLAGS);
}

/** Adds the flags of a command that reads rows, with its formats. */
export function addRowFlags(
  command: Command,
  formats: readonly string[],
  help: string,
  own: (command: Command) => void = () => undefined,
): Command {
  addFlags(command, "Time:", TIME_FLAGS);
  own(command);
  addFlags(command, "Target:", TARGET_FLAGS);
  addProfileFlags(command);
  command.addOption(command.createOption("--format <format>", help).choices(formats).helpGroup("Output:"));
  addFlags(command, "Output:", ROWS_OUTPUT_FLAGS);
  return addFlags(command, "Output:", LOG_FLAGS);
}

function addProfileFlags(command: Command): void {
  for (const [text, help] of [
    ["--profile <file>", "flags from this file (default: longrunning.yaml here or in ~/.config/longrunning)"],
    ["--no-profile", "flags from no file"],
  ] as const) {
    command.addOption(command.createOption(text, help).helpGroup("Target:"));
  }
}

/** The examples at the end of a help page. They are run in the tests, against `longrunning emulator`. */
export function addExamples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText(
    "after",
    `\nExamples:\n${lines.map((line) => `  $ longrunning ${line}`).join("\n")}`,
  );
}
