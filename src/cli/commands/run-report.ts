// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError } from "commander";
import type { AdManagerClient, ReportRun } from "../../admanager.js";
import { isCallError, type Outcome } from "../../index.js";
import { addFlags, INTERRUPT_FLAGS, WAIT_FLAGS } from "../arguments/flags.js";
import { FORMATS, ROW_FORMATS } from "../arguments/format-name.js";
import { statusOfState } from "../exit-status.js";
import { nameInUrl } from "../full-name.js";
import type { ErrorReport } from "../output/error-report.js";
import type { Item } from "../output/printer.js";
import type { RowsFlags } from "../rows/write-rows.js";
import type { Session } from "../session/session.js";
import { UsageError } from "../usage-error.js";
import { addExamples, addRowFlags, type Start } from "./start.js";

/** How long an interrupted command waits for the response to the start, in milliseconds. */
const MAX_START_MS = 10_000;

interface RunReportFlags extends RowsFlags {
  readonly rows?: boolean | undefined;
}

/** `run-report REPORT`: starts a run of an Ad Manager report and watches it until it has ended. */
export function addRunReport(program: Command, start: Start): void {
  const command = program
    .command("run-report")
    .summary("run an Ad Manager report, and print its result's name or rows")
    .description(
      "Starts a run of an Ad Manager report and waits until it has ended. The name of the result is printed last, or with " +
        "--rows its rows; the exit status is that of wait. The start is sent once: a second one would be a second run.",
    )
    .argument("<report>", "name of a report: networks/123/reports/789", readReport);
  const formats = [...new Set([...FORMATS, ...ROW_FORMATS])];
  const help =
    "text, json, yaml or ndjson (default: text); with --rows csv, ndjson, json or table (default: csv)";
  addRowFlags(command, formats, help, (own) => {
    own.addOption(own.createOption("--rows", "print the rows of the result").helpGroup("Output:"));
    addFlags(own, "Time:", WAIT_FLAGS);
    addFlags(own, "Time:", INTERRUPT_FLAGS);
  });
  addExamples(
    command,
    "run-report networks/123/reports/789 --interval 1s --endpoint http://localhost:8080",
    "run-report networks/123/reports/789 --interval 1s --rows -o rows.csv --endpoint http://localhost:8080",
  );
  command.action(async (report: string, typed: RunReportFlags) =>
    start(
      typed,
      { names: [report], isList: false, failsOnClosedPipe: typed.rows === true },
      async (session) => {
        if (typed.rows === true) await runForRows(session, report, typed);
        else await run(session, report, typed);
      },
    ),
  );
}

/** A wrong name is rejected here: it could also select no API, and the error would be about that. */
function readReport(text: string): string {
  if (/^networks\/[^/]+\/reports\/[^/]+$/.test(text)) return text;
  const name = nameInUrl(text);
  const hint = name === undefined ? "" : ` The name in that URL is ${name}.`;
  throw new InvalidArgumentError(`Expected networks/NETWORK/reports/REPORT.${hint}`);
}

async function run(session: Session, report: string, typed: RunReportFlags): Promise<void> {
  const { format = "text" } = session.settings.flags;
  if (typed.output !== undefined || typed.allowFormulas !== undefined || typed.pageSize !== undefined) {
    throw new UsageError(
      "--output, --allow-formulas and --page-size are for rows (expected --rows beside them)",
      {
        next: "--format NAME chooses the format of everything else",
      },
    );
  }
  if (format === "csv" || format === "table") {
    throw new UsageError(`--format: ${format} is a format of rows (expected --rows beside it)`);
  }
  const outcome = await watchRun(session, report, format === "text" || format === "ndjson");
  if (outcome === undefined) return;
  const item = session.row(outcome.operation);
  if (format === "json" || format === "yaml") await session.print(item);
  const result = resultIn(item.json.response);
  if (format !== "text" || result === undefined) return;
  await session.print({ json: item.json, lines: [[{ text: "result   ", as: "label" }, `  ${result}`]] });
}

async function runForRows(session: Session, report: string, typed: RunReportFlags): Promise<void> {
  const { adManagerOf, openOutput, rowFormatOf, writeRows } = await import("../rows/write-rows.js");
  adManagerOf(session, "run-report");
  rowFormatOf(typed, session.settings.flags);
  const output = await openOutput(session, typed); // before a run is spent
  try {
    const outcome = await watchRun(session, report, false);
    if (outcome === undefined) return;
    const item = session.row(outcome.operation);
    const result = resultIn(item.json.response);
    if (result !== undefined) {
      session.note(`result  ${result}`);
      await writeRows(session, result, output, typed);
    } else if (outcome.state === "succeeded") {
      throw new Error(`${outcome.name} succeeded without a result to read rows from`);
    } else {
      session.fail(noRowsReport(outcome, item));
    }
  } finally {
    await output.discard();
  }
}

/** Starts a run, and watches it until it has ended. */
async function watchRun(session: Session, report: string, printsChanges: boolean) {
  const { adManagerOf } = await import("../rows/write-rows.js");
  const started = await startRun(adManagerOf(session, "run-report"), report, session);
  session.note(`started ${started.name}`);
  session.awaited.add(started.name);
  const { watchOperation } = await import("../session/watch.js");
  return watchOperation(session, started, printsChanges);
}

/**
 * Only the response to a start has the run's name, and Ad Manager has no list of runs: an interrupt waits for it a little.
 * A second one ends the process.
 */
async function startRun(
  admanager: AdManagerClient,
  report: string,
  { signal, note, unconfirmed }: Session,
): Promise<ReportRun> {
  const giveUp = new AbortController();
  const onInterrupt = () => {
    note("waiting for the name of the run; Ctrl-C again ends at once");
    AbortSignal.timeout(MAX_START_MS).addEventListener("abort", () => giveUp.abort(), { once: true });
  };
  if (signal.aborted) giveUp.abort(); // before anything was sent
  signal.addEventListener("abort", onInterrupt, { once: true });
  try {
    return await admanager.runReport(report, { signal: giveUp.signal });
  } catch (error) {
    const hasNoResponse = isCallError(error) && error.requestSent && error.httpStatus === undefined;
    if (hasNoResponse && signal.aborted) unconfirmed.set(report, "run-report");
    throw error;
  } finally {
    signal.removeEventListener("abort", onInterrupt);
  }
}

/** Why there are no rows: the run failed, or was cancelled. */
function noRowsReport({ name, state }: Outcome<unknown, unknown>, { json, lines }: Item): ErrorReport {
  const line = lines[0]?.map((span) => (typeof span === "string" ? span : span.text)).join("");
  const message = `no rows: ${line?.replace(/ +/g, " ") ?? `${state} ${name}`}`;
  const code = state === "cancelled" ? "CANCELLED" : "OPERATION_FAILED";
  return {
    status: statusOfState(state, "succeeded"),
    message,
    next: [],
    json: { code, reason: state, message, operation: json },
  };
}

function resultIn(response: unknown): string | undefined {
  const isResult = typeof response === "object" && response !== null && "reportResult" in response;
  return isResult ? String(response.reportResult) : undefined;
}
