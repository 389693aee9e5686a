// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, INTERRUPT_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import { readOneName } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import { UsageError } from "../usage-error.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

interface WatchFlags {
  readonly all?: boolean;
  readonly filter?: string;
}

/** `watch NAME`: shows the progress until the operation has ended; `watch --all PARENT`: that of all, until Ctrl-C. */
export function addWatch(program: Command, start: Start): void {
  const command = program
    .command("watch")
    .summary("watch an operation until it has ended")
    .description(
      "Watches an operation until it has ended; with --all, every operation of a parent, until Ctrl-C or for the time of --timeout. " +
        "On a terminal it shows a progress bar, or a live table; elsewhere a line for every change. The exit status is that of wait.",
    )
    .argument("<name>", "name of an operation; with --all, of the parent, as list takes it", readOneName)
    .option("--all", "watch all operations of a parent, by its List")
    .option("--filter <expression>", "which of them (AIP-160), as the API documents it");
  addCallFlags(command, (own) => {
    addFlags(own, "Time:", WAIT_FLAGS);
    addFlags(own, "Time:", INTERRUPT_FLAGS);
  });
  addExamples(
    command,
    "watch networks/123/operations/reports/runs/456 --endpoint http://localhost:8080",
    "watch networks/123/operations/reports/runs/456 --format ndjson --endpoint http://localhost:8080",
    "watch --all operations --timeout 1s --endpoint http://localhost:8080",
  );
  command.action(async (name: string, { all, filter, ...typed }: TypedFlags & WatchFlags) => {
    await start(typed, { names: [name], isList: true }, async (session) => {
      if (filter !== undefined && all !== true) throw new UsageError("--filter: only with --all");
      if (all === true && typed.cancelOnInterrupt === true)
        throw new UsageError("--cancel-on-interrupt: not with --all, which cancels nothing");
      if (all === true) {
        const { watchAll } = await import("../session/watch-all.js");
        return watchAll(session, name, filter);
      }
      const { watchOperation } = await import("../session/watch.js");
      await watchOperation(session, session.client.operation(name), true);
    });
  });
}
