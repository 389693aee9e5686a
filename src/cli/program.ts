// SPDX-License-Identifier: Apache-2.0
import { Command, CommanderError, type Option } from "commander";
import { isUnsafe } from "../names/escape.js";
import { VERSION } from "../names/version.js";
import { addApis } from "./commands/apis.js";
import { addCancel } from "./commands/cancel.js";
import { addCompletion } from "./commands/completion.js";
import { addDelete } from "./commands/delete.js";
import { addDescribe } from "./commands/describe.js";
import { addEmulator } from "./commands/emulator.js";
import { addGet } from "./commands/get.js";
import { addList } from "./commands/list.js";
import { addRows } from "./commands/rows.js";
import { addRunReport } from "./commands/run-report.js";
import type { Start } from "./commands/start.js";
import { addTrust } from "./commands/trust.js";
import { addWait } from "./commands/wait.js";
import { addWatch } from "./commands/watch.js";
import { EXIT } from "./exit-status.js";
import { isClosedPipe, outputError } from "./output/output-error.js";
import { createWriter, linesOf } from "./output/writer.js";
import type { ProcessContext } from "./process.js";

const STATUSES = `
Exit status:
  0 ok   1 unexpected   2 usage   3 operation failed   4 cancelled   5 succeeded despite the cancel
  6 wait timed out   64 + gRPC code: the call failed   130 Ctrl-C
`;

/** Runs the command line. @returns the exit status */
export async function run(context: ProcessContext): Promise<number> {
  const { stdout, exit } = context;
  let status: number = EXIT.ok;
  // A reader of a help page may leave before its end; a full disk is an error. A session has its own listener.
  const endOnError = (error: Error) => {
    if (isClosedPipe(error)) exit(status);
    reportOutputError(context, error);
    exit(EXIT.unexpected);
  };
  stdout.on("error", endOnError);
  const start: Start = async (...command) => {
    const { runSession } = await import("./session/session.js");
    stdout.removeListener("error", endOnError);
    status = await runSession(context, ...command);
  };
  const program = createProgram(context, start, (ended) => {
    status = ended;
  });
  try {
    if (context.args.length === 0) program.help({ error: true });
    await program.parseAsync(argumentsOf(context.args, program), { from: "user" });
  } catch (error) {
    // Thrown after the message or the help page was written.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  return status;
}

const HELP: ReadonlySet<string | undefined> = new Set(["help", "--help", "-h"]);

/**
 * The arguments for commander. An unknown command stands alone, so that it is an error with a suggestion although help is
 * asked for; before a command, a help flag is that command's.
 */
function argumentsOf(args: readonly string[], program: Command): string[] {
  const isHelp = HELP.has(args[0]);
  const command = isHelp ? args[1] : args[0];
  if (command === undefined || command.startsWith("-")) return [...args];
  if (command === "help") return ["--help"];
  const known = program.commands.find((one) => one.name() === command);
  if (known === undefined) return [command];
  return isHelp ? [command, "--help"] : withPresets(args, known);
}

/** A flag with an optional value takes the next argument only where that is one of its values: `--log-http NAME`. */
function withPresets(args: readonly string[], { options }: Command): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.map((arg, at) => {
    const option = at < end ? options.find(({ long, optional }) => optional && long === arg) : undefined;
    if (option === undefined || option.argChoices?.includes(args[at + 1] ?? "") === true) return arg;
    return `${arg}=${String(option.presetArg)}`;
  });
}

function createProgram(context: ProcessContext, start: Start, end: (status: number) => void): Command {
  const { args, stdout, stderr, env } = context;
  const output = createWriter(stdout, "never", env);
  const errors = createWriter(stderr, "never", env);
  // An argument quoted in a message must not look like another line of it.
  const errorLines = (text: string) => (args.some(isUnsafe) ? [[text.trimEnd()]] : linesOf(text));
  const wantsJson = isJsonWanted(args);
  const program = new Command("longrunning")
    .description("See, wait for and cancel long-running operations of Google-style APIs.")
    .version(VERSION, "-v, --version", "print the version")
    .configureOutput({
      writeOut: (text) => output.lines(linesOf(text)),
      writeErr: (text) => errors.lines(errorLines(text)),
      outputError: (text, write) => (wantsJson ? errors.json(jsonUsage(text)) : write(text)),
    })
    .configureHelp({ optionDescription })
    .exitOverride()
    .showHelpAfterError("(longrunning help COMMAND has the flags and examples)")
    .addHelpText("after", STATUSES);
  if (wantsJson) program.showHelpAfterError(false);
  addCancel(program, start);
  addGet(program, start);
  addList(program, start);
  addWait(program, start);
  addWatch(program, start);
  addDelete(program, start);
  addRunReport(program, start);
  addRows(program, start);
  addDescribe(program, start);
  addApis(program, context, end);
  addEmulator(program, context, end);
  program
    .command("version", { hidden: true })
    .action(() => program.parseAsync(["--version"], { from: "user" }).then(() => undefined));
  addTrust(program, context, end);
  addCompletion(program, context);
  return program;
}

function reportOutputError({ args, stderr, env }: ProcessContext, error: Error): void {
  const { message } = outputError("standard output", error);
  const writer = createWriter(stderr, "never", env);
  if (isJsonWanted(args))
    writer.json(`${JSON.stringify({ error: { code: "OUTPUT", reason: "output", message } })}\n`);
  else writer.lines([[`error: ${message}`]]);
}

function isJsonWanted(args: readonly string[]): boolean {
  return /--format[= ](?:nd)?json/.test(args.join(" "));
}

/** Without the choices, which each description already contains. */
function optionDescription({ description, defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined) return description;
  return `${description} (default: ${defaultValueDescription ?? String(defaultValue)})`;
}

function jsonUsage(text: string): string {
  const message = text.replace(/^error: /, "").trim();
  return `${JSON.stringify({ error: { code: "USAGE", reason: "usage", message } })}\n`;
}
