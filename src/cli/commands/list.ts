// SPDX-License-Identifier: Apache-2.0
import { Argument, type Command } from "commander";
import { readCount } from "../arguments/flags.js";
import type { TypedFlags } from "../arguments/settings.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

interface ListFlags {
  readonly filter?: string;
  readonly pageSize?: number;
  readonly partial?: boolean;
}

/** `list PARENT`: all pages, as they come. */
export function addList(program: Command, start: Start): void {
  const command = program
    .command("list")
    .summary("list the operations of a parent")
    .description("Lists operations, page after page as they come. Ad Manager has no list of its operations.")
    .addArgument(new Argument("[parent]", "the parent of the operations").default("operations", "operations"))
    .option("--filter <expression>", "a filter (AIP-160), as the API documents it: done=false")
    .option("--page-size <count>", "the maximum number of operations in a response", readCount(1))
    .option("--partial", "list what can be reached, and name what cannot");
  addCallFlags(command);
  addExamples(
    command,
    "list operations --endpoint http://localhost:8080",
    "list operations --filter done=false --format ndjson --endpoint http://localhost:8080",
  );
  command.action(async (parent: string, all: TypedFlags & ListFlags) => {
    const { filter, pageSize, partial, ...typed } = all;
    await start(typed, { names: [parent], isList: true }, async (session) => {
      const request = { name: parent, filter, pageSize, returnPartialSuccess: partial };
      const list = session.client.listOperations({ ...request, ...session.callOptions });
      for await (const operation of list) await session.print(session.row(operation));
      for (const place of list.unreachable) session.note(`not reached: ${place}`);
    });
  });
}
