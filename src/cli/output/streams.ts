// SPDX-License-Identifier: Apache-2.0
import type { PlainFlags } from "../arguments/flags.js";
import { isJsonFormat } from "../arguments/format-name.js";
import type { ProcessContext } from "../process.js";
import { createMessages, type Messages } from "./messages.js";
import { createPrinter, type Printer } from "./printer.js";
import { createWriter } from "./writer.js";

/** The printer for standard output, by the flags. */
export function printerFor(
  { stdout, env }: ProcessContext,
  { format = "text", color }: PlainFlags,
  isList: boolean,
): Promise<Printer> {
  return createPrinter(stdout, createWriter(stdout, color, env), format, isList);
}

/** The messages for standard error, by the flags. */
export function messagesFor(
  { stderr, env }: ProcessContext,
  { format = "text", color, quiet = false }: PlainFlags,
): Messages {
  return createMessages(createWriter(stderr, color, env), isJsonFormat(format), quiet);
}
