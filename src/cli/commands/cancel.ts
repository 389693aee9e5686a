// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import type { CallError, CancelReport } from "../../index.js";
import { addFlags, MANY_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import { namesOf } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import { commandLine, MAX_NAMES } from "../arguments/suggested-command.js";
import { statusOfState } from "../exit-status.js";
import { awaitedNames } from "../session/awaited-names.js";
import { isAborted } from "../session/interrupt.js";
import type { Session } from "../session/session.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** Not taken from the descriptor: a help page would load protobuf-es. */
const CANCEL = "google.longrunning.Operations.CancelOperation";

/** `cancel NAME...`: requests cancellation, and with `--wait` waits for each outcome. */
export function addCancel(program: Command, start: Start): void {
  const command = program
    .command("cancel")
    .summary("request cancellation; --wait for the outcome")
    .description(
      "Requests cancellation. The server accepts the request before the operation has ended: --wait waits for the outcome, " +
        "and the exit status is 0 when it was cancelled, 5 when it succeeded all the same, 3 when it failed.",
    )
    .argument("<name...>", "names of operations; - reads them from standard input, one a line")
    .option("--wait", "wait until each operation has ended");
  addCallFlags(command, (own) => {
    addFlags(own, "Time:", WAIT_FLAGS);
    addFlags(own, "Time:", MANY_FLAGS);
  });
  addExamples(
    command,
    "cancel networks/123/operations/reports/runs/456 --endpoint http://localhost:8080",
    "cancel networks/123/operations/reports/runs/456 --wait --timeout 2m --endpoint http://localhost:8080",
    "cancel - --endpoint http://localhost:8080 <names.txt",
  );
  command.action(async (names: string[], { wait = false, ...typed }: TypedFlags & { wait?: boolean }) =>
    start(typed, { names: names.filter((name) => name !== "-"), isList: true }, (session) =>
      cancel(session, names, wait),
    ),
  );
}

async function cancel(session: Session, given: readonly string[], wait: boolean): Promise<void> {
  const { settings, signal } = session;
  const { timeout, concurrency } = settings.flags;
  const requested: string[] = [];
  let skipped = 0;
  const names = wait ? awaitedNames(session, given) : namesOf(given, settings.context.stdin);
  let onFirstError: ((error: CallError) => void) | undefined;
  const onTransientError = (error: CallError) => {
    onFirstError ??= session.waitOptions(error.operationName ?? "").onTransientError;
    onFirstError?.(error);
  };
  const options = { wait, signal, timeoutMs: timeout, concurrency, onTransientError };
  for await (const report of session.client.cancelOperations(names, options)) {
    if (report.state === "error" && isAborted(report.error)) {
      keepPending(session, report.name, report.error);
      continue;
    }
    // One more than the note shows: there may be a million.
    if (report.state === "requested" && requested.length <= MAX_NAMES) requested.push(report.name);
    if (report.state === "skipped") skipped++;
    session.awaited.delete(report.name);
    await printReport(session, report);
  }
  if (skipped > 0) session.note(`${skipped} names were skipped`);
  if (requested.length > 0 && !signal.aborted) {
    session.note(
      `Cancellation requested. To see the outcome: ${commandLine("wait", requested, settings.typed)}`,
    );
  }
}

/** A name that an interrupt left without an outcome: its request had no response, or was accepted and the wait given up. */
function keepPending({ requested, unconfirmed }: Session, name: string, { method }: CallError): void {
  if (method === CANCEL) unconfirmed.set(name, "cancel");
  else requested.add(name);
}

async function printReport(session: Session, report: CancelReport): Promise<void> {
  const { name, state } = report;
  if ("outcome" in report) {
    session.raise(statusOfState(report.outcome.state, "cancelled"));
    await session.print(session.row(report.outcome.operation));
  } else if ("error" in report) {
    await session.printError(name, report.error);
  } else {
    await session.printWord(name, state);
  }
}
