// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import type { CallError, WaitReport } from "../../index.js";
import { addFlags, INTERRUPT_FLAGS, MANY_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import type { TypedFlags } from "../arguments/settings.js";
import { statusOfState } from "../exit-status.js";
import { awaitedNames } from "../session/awaited-names.js";
import type { Session } from "../session/session.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** Default number of concurrent waits: enough of one parent to be polled by List, a page at a time. */
const CONCURRENCY = 100;

/** `wait NAME...`: until each has ended. */
export function addWait(program: Command, start: Start): void {
  const command = program
    .command("wait")
    .summary("wait until operations have ended")
    .description(
      "Waits until operations have ended, and prints how. The exit status is 0 when they succeeded, 3 when one failed, " +
        "4 when one was cancelled, 6 when the time was up.",
    )
    .argument("<name...>", "names of operations; - reads them from standard input, one a line");
  addCallFlags(command, (own) => {
    addFlags(own, "Time:", WAIT_FLAGS);
    addFlags(own, "Time:", MANY_FLAGS);
    addFlags(own, "Time:", INTERRUPT_FLAGS);
  });
  addExamples(
    command,
    "wait networks/123/operations/reports/runs/456 --timeout 5m --endpoint http://localhost:8080",
    "wait - --interval 10s --endpoint http://localhost:8080 <names.txt",
  );
  command.action(async (names: string[], typed: TypedFlags) =>
    start(typed, { names: names.filter((name) => name !== "-"), isList: true }, (session) =>
      waitForAll(session, names),
    ),
  );
}

async function waitForAll(session: Session, given: readonly string[]): Promise<void> {
  const { concurrency = CONCURRENCY, timeout: timeoutMs } = session.settings.flags;
  const { signal } = session;
  let onFirstError: ((error: CallError) => void) | undefined;
  const onTransientError = (error: CallError) => {
    onFirstError ??= session.waitOptions(error.operationName ?? "").onTransientError;
    onFirstError?.(error);
  };
  const options = { signal, timeoutMs, concurrency, onTransientError };
  for await (const report of session.client.waitOperations(awaitedNames(session, given), options)) {
    const hasEnded = "outcome" in report;
    if (!hasEnded && signal.aborted) continue; // It stays awaited, for the message at the end.
    session.awaited.delete(report.name);
    await printReport(session, report);
  }
}

async function printReport(session: Session, report: WaitReport): Promise<void> {
  if ("outcome" in report) {
    session.raise(statusOfState(report.outcome.state, "succeeded"));
    await session.print(session.row(report.outcome.operation));
  } else if ("error" in report) {
    await session.printError(report.name, report.error);
  }
}
