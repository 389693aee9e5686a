// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { readOneName } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** `get NAME`: one poll. */
export function addGet(program: Command, start: Start): void {
  const command = program
    .command("get")
    .summary("get an operation once")
    .description("Gets an operation once. The exit status is 0 whatever the operation's state.")
    .argument("<name>", "name of an operation", readOneName);
  addCallFlags(command);
  addExamples(
    command,
    "get networks/123/operations/reports/runs/456 --endpoint http://localhost:8080",
    "get networks/123/operations/reports/runs/456 --format json --endpoint http://localhost:8080",
  );
  command.action(async (name: string, typed: TypedFlags) =>
    start(typed, { names: [name], isList: false }, async (session) => {
      const operation = await session.client.getOperation(name, session.callOptions);
      await session.print(session.block(operation));
    }),
  );
}
