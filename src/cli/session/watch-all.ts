// SPDX-License-Identifier: Apache-2.0
import type { OperationChange } from "../../index.js";
import { errorReportOf } from "../output/error-report.js";
import { row } from "../output/items.js";
import { percentOf } from "../output/percent.js";
import type { Item } from "../output/printer.js";
import { startTable, type Table } from "../output/table.js";
import type { Session } from "./session.js";
import { outputPlan } from "./watch.js";

/**
 * Watches the operations of a parent until Ctrl-C or the end of `--timeout`: a live table on a terminal, and a line of data for
 * every change if standard output is not one.
 */
export async function watchAll(session: Session, parent: string, filter: string | undefined): Promise<void> {
  const { context, flags } = session.settings;
  const { draws, isPlain } = outputPlan(session.settings);
  const { timeoutMs, onTransientError } = session.waitOptions(parent);
  const timeUp = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = timeUp === undefined ? session.signal : AbortSignal.any([session.signal, timeUp]);
  let table: Table | undefined;
  const stopTable = () => table?.stop();
  session.beforeExit.add(stopTable);
  try {
    const changes = session.client.watchOperations({ name: parent, filter, signal, onTransientError });
    if (draws) table = await startTable(parent, context.stderr, flags.color, context.env);
    for await (const change of changes) {
      const item = itemOf(session, change);
      if (table !== undefined) update(table, change, isPlain ? { ...item, lines: [] } : item);
      if (isPlain) await session.print(item);
    }
  } catch (error) {
    if (timeUp?.aborted !== true || session.signal.aborted) throw error;
    session.note("stopped at the end of --timeout; the operations go on");
  } finally {
    stopTable();
    session.beforeExit.delete(stopTable);
  }
}

function update(table: Table, change: OperationChange, { json, lines }: Item): void {
  if (change.kind === "lost") table.remove(change.name, lines);
  else if (change.kind === "ended") table.remove(change.snapshot.name, lines);
  else table.show(change.snapshot.name, percentOf(json.metadata));
}

/** The change as data: that of the operation, with what happened. */
function itemOf(session: Session, change: OperationChange): Item {
  if (change.kind === "lost") {
    const { json } = errorReportOf(change.error, session.place);
    return {
      json: { change: change.kind, name: change.name, error: json },
      lines: [row(change.kind, change.name, String(json.code))],
    };
  }
  const { json, lines } = session.row(change.snapshot.operation);
  return { json: { change: change.kind, ...json }, lines };
}
