// SPDX-License-Identifier: Apache-2.0
import type { AdManagerClient } from "../../admanager.js";
import type { PlainFlags } from "../arguments/flags.js";
import { ROW_FORMATS, type RowFormatName } from "../arguments/format-name.js";
import type { TypedFlags } from "../arguments/settings.js";
import { type Progress, startProgress } from "../output/progress.js";
import { isLogging } from "../session/call-log.js";
import type { Session } from "../session/session.js";
import { UsageError } from "../usage-error.js";
import { createRowFormat } from "./row-format.js";
import type { RowOutput } from "./row-output.js";

/** The flags of commands that read rows. */
export interface RowsFlags extends TypedFlags {
  readonly output?: string | undefined;
  readonly allowFormulas?: boolean | undefined;
  readonly pageSize?: number | undefined;
}

/** Ad Manager's client. @throws UsageError if the flags choose another API */
export function adManagerOf({ adManager }: Session, command: string): AdManagerClient {
  if (adManager !== undefined) return adManager;
  throw new UsageError(`${command} is Ad Manager's: leave --api, --service-config and --http-prefix out`);
}

/** The format of rows: the typed one, or a profile's if it is one of rows, or CSV. @throws UsageError */
export function rowFormatOf(typed: TypedFlags, { format }: PlainFlags): RowFormatName {
  const found = ROW_FORMATS.find((name) => name === format);
  if (found !== undefined) return found;
  if (typed.format === undefined) return "csv";
  throw new UsageError(
    `--format: not a format of rows (got ${typed.format}; expected ${ROW_FORMATS.join(", ")})`,
  );
}

/** Where the rows go: a file, which is opened now, or standard output. @throws UsageError */
export async function openOutput({ settings }: Session, { output }: RowsFlags): Promise<RowOutput> {
  const { fileOutput, standardOutput } = await import("./row-output.js");
  return output === undefined || output === "-"
    ? standardOutput(settings.context)
    : fileOutput(output, settings.context);
}

/** Reads a result's rows and writes them, with a progress bar on a terminal. */
export async function writeRows(
  session: Session,
  result: string,
  output: RowOutput,
  flags: RowsFlags,
): Promise<void> {
  const client = adManagerOf(session, "rows");
  const name = rowFormatOf(flags, session.settings.flags);
  const { pageSize, allowFormulas = false } = flags;
  let progress: Progress | undefined;
  const stopProgress = () => progress?.stop();
  session.beforeExit.add(stopProgress);
  try {
    const table = await client.reportTable(result, { ...session.callOptions, pageSize });
    const { columns, totalRowCount, changedSinceRun } = table;
    if (changedSinceRun) session.note("the report was changed after this run: its columns may be others");
    const format = await createRowFormat(output.writer, { name, columns, allowFormulas });
    if (showsProgress(session, output))
      progress = await startProgress(session.settings.context.stderr, result);
    let count = 0;
    for await (const { rows } of table.pages()) {
      await output.flush(format.rows(rows));
      count += rows.length;
      progress?.show(
        totalRowCount === 0 ? undefined : Math.min(100, (count / totalRowCount) * 100),
        "reading",
      );
    }
    await output.flush(format.end());
    await output.complete();
    stopProgress();
    if (output.file !== undefined) session.note(`wrote ${count} rows to ${output.file}`);
    if (format.guarded > 0) {
      session.note(
        `put ' before ${format.guarded} texts that begin like a formula (--allow-formulas leaves them)`,
      );
    }
  } finally {
    stopProgress();
    session.beforeExit.delete(stopProgress);
    await output.discard();
  }
}

/** On a terminal, unless the rows go there as well. */
function showsProgress({ settings }: Session, { file }: RowOutput): boolean {
  const { flags, context, typed } = settings;
  const { stdout, stderr, env } = context;
  if (isLogging(typed)) return false;
  if (stderr.isTTY !== true || env.TERM === "dumb" || flags.quiet === true) return false;
  return file !== undefined || stdout.isTTY !== true;
}
