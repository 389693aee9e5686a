// SPDX-License-Identifier: Apache-2.0
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { type CallError, type WaitOptions, WaitTimeoutError } from "../../index.js";
import { type Settings, settingsOf, type TypedFlags } from "../arguments/settings.js";
import { commandLine } from "../arguments/suggested-command.js";
import { EXIT, worstOf } from "../exit-status.js";
import type { CallPlace } from "../output/advice.js";
import { type ErrorReport, errorReportOf } from "../output/error-report.js";
import { errorItem, operationBlock, operationRow, wordItem } from "../output/items.js";
import type { Messages } from "../output/messages.js";
import { isClosedPipe, outputError } from "../output/output-error.js";
import type { Item } from "../output/printer.js";
import { messagesFor, printerFor } from "../output/streams.js";
import type { ProcessContext } from "../process.js";
import { REGISTRY } from "../target/client-options.js";
import { openTarget } from "../target/open-target.js";
import type { Target } from "../target/target.js";
import { startCallLog } from "./call-log.js";
import { cancelAwaited, type InterruptCancel } from "./cancel-awaited.js";
import { watchInterrupt } from "./interrupt.js";
import { createPending, interruptReport, type Pending } from "./interrupt-report.js";

/** Inputs of a session. */
export interface Plan {
  /** The typed names, which may determine the API. */
  readonly names: readonly string[];
  /** Whether the data is a list, of any length. */
  readonly isList: boolean;
  /** Whether a reader of standard output that leaves before the end (`| head`) is an error. */
  readonly failsOnClosedPipe?: boolean;
}

/** A running command: its client, its output, and its exit status so far. */
export interface Session extends Target, Messages, Pending {
  readonly settings: Settings;
  /** Aborted by Ctrl-C or another signal that ends the process. */
  readonly signal: AbortSignal;
  /** For a single call. */
  readonly callOptions: { readonly signal: AbortSignal; readonly timeoutMs: number | undefined };
  /** For a wait, which reports its first transient polling error. */
  waitOptions(name: string): Session["callOptions"] & Pick<WaitOptions, "onTransientError">;
  /** Restores the terminal if the process has to end at once. */
  readonly beforeExit: Set<() => void>;
  print(item: Item): Promise<void>;
  /** Prints a name with only a state: `requested`, `deleted`. */
  printWord(name: string, word: string): Promise<void>;
  /** Reports the error of one name among many, and prints the name with it. */
  printError(name: string, error: unknown): Promise<void>;
  /** An operation as a line and as a block. */
  readonly row: (operation: Operation) => Item;
  readonly block: (operation: Operation) => Item;
  /** Makes the exit status at least as bad as this. */
  raise(status: number): void;
  /** Reports an error and raises the exit status accordingly; errors caused by Ctrl-C are reported once, at the end. */
  report(error: unknown): ErrorReport;
}

/** Runs a command from its flags to its exit status. Never throws: every error is reported here. */
export async function runSession(
  context: ProcessContext,
  typed: TypedFlags,
  plan: Plan,
  work: (session: Session) => Promise<void>,
): Promise<number> {
  const { stdin, stdout, stderr } = context;
  let status: number = EXIT.ok;
  let session: Session | undefined;
  let cancels: readonly InterruptCancel[] = [];
  const interrupt = watchInterrupt(context);
  // A reader that closes the pipe (`| head -1`) ends the command silently, but a full disk does not.
  stdout.on("error", (error) => {
    for (const tidyUp of session?.beforeExit ?? []) tidyUp();
    if (isClosedPipe(error) && plan.failsOnClosedPipe !== true) context.exit(status);
    const report = errorReportOf(outputError("standard output", error));
    messagesFor(context, typed).fail(report);
    context.exit(worstOf(status, report.status));
  });
  stderr.on("error", () => undefined);
  // An open standard input would keep the process alive.
  interrupt.signal.addEventListener("abort", () => closeInput(stdin), { once: true });
  try {
    const settings = await settingsOf(context, typed);
    session = await openSession(settings, plan, interrupt.signal, (worse) => {
      status = worstOf(status, worse);
    });
    await work(session).catch(session.report);
    if (interrupt.signal.aborted && typed.cancelOnInterrupt === true) cancels = await cancelAwaited(session);
    await session.close();
  } catch (error) {
    const report = errorReportOf(error);
    messagesFor(context, typed).fail(report);
    status = worstOf(status, report.status);
  }
  interrupt.release();
  if (!interrupt.signal.aborted) return status;
  const { status: interrupted } = interrupt;
  session?.fail(interruptReport(session, { status: interrupted, cancels, typed: session.settings.typed }));
  return interrupted;
}

async function openSession(
  given: Settings,
  { names, isList }: Plan,
  signal: AbortSignal,
  raise: (status: number) => void,
): Promise<Session> {
  const { flags, context } = given;
  const messages = messagesFor(context, flags);
  const printer = await printerFor(context, flags, isList);
  const target = await openTarget(given, names);
  const stopLog = startCallLog(given.typed, messages.log);
  const settings = { ...given, typed: target.typed };
  const report = (error: unknown) => {
    const found = errorReportOf(error, target.place);
    if (signal.aborted) return found;
    raise(found.status);
    const next =
      error instanceof WaitTimeoutError
        ? [`the operation goes on: ${commandLine("wait", [error.operationName], settings.typed)}`]
        : found.next;
    messages.fail({ ...found, next });
    return found;
  };
  return {
    ...target,
    ...messages,
    settings,
    signal,
    callOptions: { signal, timeoutMs: flags.timeout },
    waitOptions: (name) => ({
      signal,
      timeoutMs: flags.timeout,
      onTransientError: firstTrouble(name, target.place, messages),
    }),
    ...createPending(),
    beforeExit: new Set(),
    print: printer.print,
    printWord: (name, word) => printer.print(wordItem(name, word)),
    printError: (name, error) => printer.print(errorItem(name, report(error))),
    row: (operation) => operationRow(operation, REGISTRY),
    block: (operation) => operationBlock(operation, REGISTRY),
    raise,
    report,
    close: async () => {
      stopLog();
      await printer.end();
      await target.close();
    },
  };
}

/** Reports the first in a series of transient errors of a wait: it may be one that only the user can fix. */
function firstTrouble(name: string, place: CallPlace, { note }: Messages): (error: CallError) => void {
  let isReported = false;
  return (error) => {
    if (isReported) return;
    isReported = true;
    const { message, next } = errorReportOf(error, place);
    note(`still waiting for ${name}, after an error: ${message}`, ...next.map((step) => `  next: ${step}`));
  };
}

function closeInput(stdin: NodeJS.ReadableStream): void {
  if ("destroy" in stdin && typeof stdin.destroy === "function") stdin.destroy();
}
