// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, INTERRUPT_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import type { TypedFlags } from "../arguments/settings.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** `watch NAME`: shows the progress until the operation has ended. */
export function addWatch(program: Command, start: Start): void {
  const command = program
    .command("watch")
    .summary("watch an operation until it has ended")
    .description(
      "Watches an operation until it has ended: a progress bar on a terminal, a line for every change elsewhere. The exit status " +
        "is that of wait.",
    )
    .argument("<name>", "name of an operation");
  addCallFlags(command, (own) => {
    addFlags(own, "Time:", WAIT_FLAGS);
    addFlags(own, "Time:", INTERRUPT_FLAGS);
  });
  addExamples(
    command,
    "watch networks/123/operations/reports/runs/456 --endpoint http://localhost:8080",
    "watch networks/123/operations/reports/runs/456 --format ndjson --endpoint http://localhost:8080",
  );
  command.action(async (name: string, typed: TypedFlags) =>
    start(typed, { names: [name], isList: true }, async (session) => {
      const { watchOperation } = await import("../session/watch.js");
      await watchOperation(session, session.client.operation(name), true);
    }),
  );
}
