// SPDX-License-Identifier: Apache-2.0
import type { TypedFlags } from "../arguments/settings.js";
import { commandLine } from "../arguments/suggested-command.js";
import type { ErrorReport } from "../output/error-report.js";
import { INTERRUPTED } from "../output/messages.js";
import type { InterruptCancel } from "./cancel-awaited.js";

/** The operations that a command is working on, for its last words if it is interrupted. */
export interface Pending {
  /** Waited for. */
  readonly awaited: Set<string>;
  /** Those of them whose cancel request the server accepted. */
  readonly requested: Set<string>;
  /** A request that changes something was sent for these names, by this command, and had no response. */
  readonly unconfirmed: Map<string, "cancel" | "delete" | "run-report">;
}

/** Maximum number of names in a message. */
const MAX_NAMES = 3;

export function createPending(): Pending {
  return { awaited: new Set(), requested: new Set(), unconfirmed: new Map() };
}

/** Says what a signal stopped: this process, and of the operations those that it cancelled; and how to go on. */
export function interruptReport(
  { awaited, requested, unconfirmed }: Pending,
  { status, cancels, typed }: { status: number; cancels: readonly InterruptCancel[]; typed: TypedFlags },
): ErrorReport {
  const names = [...awaited];
  const others = names.filter((name) => !requested.has(name) && !unconfirmed.has(name));
  const parts = cancels.map(({ line }) => line);
  const next: string[] = [];
  for (const command of new Set(unconfirmed.values())) {
    const without = [...unconfirmed].flatMap(([name, sentBy]) => (sentBy === command ? [name] : []));
    parts.push(`no response to ${command} ${listOf(without)}, which may have been carried out`);
    // A second start is a second run.
    if (command !== "run-report") next.push(`request it again: ${commandLine(command, without, typed)}`);
  }
  if (requested.size > 0)
    parts.push(`cancellation requested, and the outcome is not known: ${listOf([...requested])}`);
  if (others.length > 0 && cancels.length === 0) {
    parts.push(`the ${others.length === 1 ? "operation goes" : "operations go"} on`);
  }
  if (parts.length === 0) parts.push("requests already sent remain in effect, and no operation was stopped");
  const again = names.filter((name) => !unconfirmed.has(name));
  if (again.length > 0) next.push(`wait again: ${commandLine("wait", again, typed)}`);
  const message = ["interrupted", ...parts].join(": ");
  const json = {
    code: INTERRUPTED,
    reason: "interrupted",
    message,
    operationNames: names,
    ...(requested.size > 0 && { requested: [...requested] }),
    ...(unconfirmed.size > 0 && { unconfirmed: [...unconfirmed.keys()] }),
    ...(cancels.length > 0 && { cancels: cancels.map((cancel) => cancel.json) }),
  };
  return { status, message, json, next };
}

function listOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return [...names.slice(0, MAX_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
