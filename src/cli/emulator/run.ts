// SPDX-License-Identifier: Apache-2.0
import type { Flags } from "../arguments/flags.js";
import { createComplaints } from "../output/errors.js";
import { failureOf } from "../output/failure.js";
import { createFormat } from "../output/format.js";
import { isJsonFormat } from "../output/format-name.js";
import { createPaint } from "../output/paint.js";
import { createPrinter } from "../output/printer.js";
import type { ProcessContext } from "../process.js";
import { addressItem, type EmulatorFlags, openEmulator, untilEnded } from "./serve.js";

/** Serves until somebody ends it. @returns the exit status */
export async function runEmulator(flags: EmulatorFlags & Flags, context: ProcessContext): Promise<number> {
  const { stdout, stderr, env } = context;
  const { format = "text", color } = flags;
  const complaints = createComplaints(stderr, isJsonFormat(format), createPaint(stderr, color, env));
  // It goes on serving when nobody reads its address any more.
  stdout.on("error", () => undefined);
  try {
    const ended = untilEnded(context);
    const emulator = await openEmulator(flags, context);
    const printer = createPrinter(stdout, await createFormat(format, false, createPaint(stdout, color, env)));
    await printer.print(addressItem(emulator));
    const run = flags.start[0] ?? "NAME";
    complaints.note(
      [
        `serving REST, gRPC, gRPC-Web and Connect at ${emulator.baseUrl}; Ctrl-C ends it`,
        `try: longrunning run-report networks/123/reports/789 --interval 1s --endpoint ${emulator.baseUrl}`,
        `     longrunning cancel ${run} --wait --endpoint ${emulator.baseUrl}`,
      ].join("\n"),
    );
    const status = await ended;
    await emulator.close();
    return status;
  } catch (error) {
    const failure = failureOf(error, { baseUrl: "", isAdManager: false, env });
    complaints.fail(failure);
    return failure.status;
  }
}
