// SPDX-License-Identifier: Apache-2.0
import { Argument, type Command } from "commander";
import { completionScript, SHELLS } from "../completion.js";
import { createWriter, linesOf } from "../output/writer.js";
import type { ProcessContext } from "../process.js";
import { addExamples } from "./start.js";

/** `completion SHELL`: a script for the shell. */
export function addCompletion(program: Command, { stdout, env }: ProcessContext): void {
  const command = program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script that makes a shell complete commands, flags and their values.")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS));
  addExamples(command, "completion bash", "completion zsh", "completion fish");
  command.action(async (shell: (typeof SHELLS)[number]) => {
    const { apis } = await import("../../apis.js");
    const names = apis().map(({ name }) => name);
    createWriter(stdout, "never", env).lines(linesOf(completionScript(shell, program, names)));
  });
}
