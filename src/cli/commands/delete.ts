// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, MANY_FLAGS } from "../arguments/flags.js";
import { namesOf } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import { inParallel } from "../session/in-parallel.js";
import { isAborted } from "../session/interrupt.js";
import type { Session } from "../session/session.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** Default number of concurrent calls. */
const CONCURRENCY = 16;

/** `delete NAME...`: deletes the records of operations. */
export function addDelete(program: Command, start: Start): void {
  const command = program
    .command("delete")
    .summary("delete the records of operations")
    .description(
      "Deletes the records of operations on the server. Does not cancel them. Ad Manager has no such method.",
    )
    .argument("<name...>", "names of operations; - reads them from standard input, one a line");
  addCallFlags(command, (own) => addFlags(own, "Time:", MANY_FLAGS));
  addExamples(command, "delete operations/1 operations/2 --endpoint http://localhost:8080");
  command.action(async (names: string[], typed: TypedFlags) =>
    start(typed, { names: names.filter((name) => name !== "-"), isList: true }, (session) =>
      inParallel(
        namesOf(names, session.settings.context.stdin),
        session.settings.flags.concurrency ?? CONCURRENCY,
        (name) => deleteOne(session, name),
      ),
    ),
  );
}

async function deleteOne(session: Session, name: string): Promise<void> {
  try {
    await session.client.deleteOperation(name, session.callOptions);
    await session.printWord(name, "deleted");
  } catch (error) {
    if (!isAborted(error)) await session.printError(name, error);
    else if (error.requestSent) session.unconfirmed.set(name, "delete");
  }
}
