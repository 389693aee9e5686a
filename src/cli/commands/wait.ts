// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, INTERRUPT_FLAGS, MANY_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import { namesOf } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import { statusOfState } from "../exit-status.js";
import { inParallel } from "../session/in-parallel.js";
import type { Session } from "../session/session.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** Default number of concurrent waits. */
const CONCURRENCY = 16;

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
      inParallel(
        namesOf(names, session.settings.context.stdin),
        session.settings.flags.concurrency ?? CONCURRENCY,
        (name) => waitFor(session, name),
      ),
    ),
  );
}

async function waitFor(session: Session, name: string): Promise<void> {
  session.awaited.add(name);
  try {
    const outcome = await session.client.operation(name).wait(session.waitOptions(name));
    session.raise(statusOfState(outcome.state, "succeeded"));
    await session.print(session.row(outcome.operation));
  } catch (error) {
    if (session.signal.aborted) return;
    await session.printError(name, error);
  }
  session.awaited.delete(name);
}
