// SPDX-License-Identifier: Apache-2.0
import type { OperationHandle, Outcome, Snapshot } from "../../index.js";
import { statusOfState } from "../exit-status.js";
import { percentOf } from "../output/percent.js";
import { type Progress, startProgress } from "../output/progress.js";
import { isLogging } from "./call-log.js";
import type { Session } from "./session.js";

/** Where a watch shows what happens. */
interface OutputPlan {
  /** Progress is drawn on standard error, a terminal. */
  readonly draws: boolean;
  /** Every change goes to standard output, which is not the terminal that is drawn on. */
  readonly isPlain: boolean;
}

/** Decides by the streams and the flags. A terminal gets either a drawing or lines of data: one would tear the other apart. */
export function outputPlan({ context, flags, typed }: Session["settings"]): OutputPlan {
  const { stdout, stderr, env } = context;
  const isText = ["text", "csv", "table"].includes(flags.format ?? "text"); // rows come later, or go to a file
  const canDraw = stderr.isTTY === true && env.TERM !== "dumb" && !isLogging(typed);
  const draws = canDraw && flags.quiet !== true && (isText || stdout.isTTY !== true);
  return { draws, isPlain: !(isText && stdout.isTTY === true && draws) };
}

/**
 * Watches an operation until it has ended, with a progress bar on a terminal, and a line of data for every change if
 * standard output is not one. With `everyChange` false, printing the data is left to the caller.
 *
 * @returns how it ended
 * @throws what `OperationHandle.watch` throws
 */
export async function watchOperation(
  session: Session,
  handle: OperationHandle<unknown, unknown>,
  everyChange: boolean,
): Promise<Outcome<unknown, unknown> | undefined> {
  const { draws, isPlain } = outputPlan(session.settings);
  const printsAll = everyChange && isPlain;
  session.awaited.add(handle.name);
  let progress: Progress | undefined;
  const stopProgress = () => progress?.stop();
  session.beforeExit.add(stopProgress);
  let last: Snapshot<unknown, unknown> | undefined;
  try {
    if (draws) progress = await startProgress(session.settings.context.stderr, handle.name);
    for await (const snapshot of handle.watch(session.waitOptions(handle.name))) {
      last = snapshot;
      const item = session.row(snapshot.operation);
      progress?.show(percentOf(item.json.metadata), snapshot.state);
      if (printsAll) await session.print(item);
    }
  } finally {
    stopProgress();
    session.beforeExit.delete(stopProgress);
  }
  if (last === undefined || last.state === "running") return undefined;
  if (everyChange && !printsAll) await session.print(session.row(last.operation));
  session.awaited.delete(handle.name);
  session.raise(statusOfState(last.state, "succeeded"));
  return last;
}
