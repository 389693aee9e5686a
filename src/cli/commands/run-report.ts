// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError } from "commander";
import { addFlags, WAIT_FLAGS } from "../arguments/flags.js";
import type { TypedFlags } from "../arguments/settings.js";
import { nameInUrl } from "../full-name.js";
import type { Session } from "../session/session.js";
import { UsageError } from "../usage-error.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

/** `run-report REPORT`: starts a run of an Ad Manager report and watches it until it has ended. */
export function addRunReport(program: Command, start: Start): void {
  const command = program
    .command("run-report")
    .summary("run an Ad Manager report, and print the name of its result")
    .description(
      "Starts a run of an Ad Manager report and waits until it has ended. The name of the result is printed last; the exit " +
        "status is that of wait. The start is sent once: a second one would be a second run.",
    )
    .argument("<report>", "name of a report: networks/123/reports/789", readReport);
  addCallFlags(command, (own) => addFlags(own, "Time:", WAIT_FLAGS));
  addExamples(
    command,
    "run-report networks/123/reports/789 --interval 1s --endpoint http://localhost:8080",
    "run-report networks/123/reports/789 --interval 1s --format json --endpoint http://localhost:8080",
  );
  command.action(async (report: string, typed: TypedFlags) =>
    start(typed, { names: [report], isList: false }, (session) => runReport(session, report)),
  );
}

/** A wrong name is rejected here: it could also select no API, and the error would be about that. */
function readReport(text: string): string {
  if (/^networks\/[^/]+\/reports\/[^/]+$/.test(text)) return text;
  const name = nameInUrl(text);
  const hint = name === undefined ? "" : ` The name in that URL is ${name}.`;
  throw new InvalidArgumentError(`Expected networks/NETWORK/reports/REPORT.${hint}`);
}

async function runReport(session: Session, report: string): Promise<void> {
  const { settings, signal } = session;
  if (session.runReport === undefined) {
    throw new UsageError("run-report is Ad Manager's: leave --api, --service-config and --http-prefix out");
  }
  const run = await session.runReport(report, { signal });
  session.note(`started ${run.name}`);
  const { watchOperation } = await import("../session/watch.js");
  const { format = "text" } = settings.flags;
  const outcome = await watchOperation(session, run, format === "text" || format === "ndjson");
  if (outcome === undefined) return;
  const item = session.row(outcome.operation);
  if (format === "json" || format === "yaml") await session.print(item);
  const { response } = item.json;
  if (format !== "text" || typeof response !== "object" || response === null || !("reportResult" in response))
    return;
  const result = String(response.reportResult);
  await session.print({ json: item.json, lines: [[{ text: "result   ", as: "label" }, `  ${result}`]] });
}
