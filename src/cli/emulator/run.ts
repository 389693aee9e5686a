// SPDX-License-Identifier: Apache-2.0
import type { Flags } from "../arguments/flags.js";
import { errorReportOf } from "../output/error-report.js";
import { messagesFor, printerFor } from "../output/streams.js";
import type { ProcessContext } from "../process.js";
import { hints } from "./hints.js";
import { addressItem, type EmulatorFlags, openEmulator, untilEnded } from "./serve.js";

/** Serves until a signal ends it. @returns the exit status */
export async function runEmulator(flags: EmulatorFlags & Flags, context: ProcessContext): Promise<number> {
  const messages = messagesFor(context, flags);
  // It continues to serve when the reader of its output is gone.
  context.stdout.on("error", () => undefined);
  try {
    const ended = untilEnded(context);
    const emulator = await openEmulator(flags, context);
    const printer = await printerFor(context, flags, false);
    await printer.print(addressItem(emulator));
    const commands = await hints(flags, emulator);
    messages.note(
      `serving REST, gRPC, gRPC-Web and Connect at ${emulator.baseUrl}; Ctrl-C ends it`,
      ...commands.map((command, at) => `${at === 0 ? "try: " : "     "}${command}`),
    );
    const status = await ended;
    await emulator.close();
    return status;
  } catch (error) {
    const report = errorReportOf(error);
    messages.fail(report);
    return report.status;
  }
}
