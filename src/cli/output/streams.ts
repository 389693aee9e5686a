// SPDX-License-Identifier: Apache-2.0
import type { PlainFlags } from "../arguments/flags.js";
import { isJsonFormat } from "../arguments/format-name.js";
import type { ProcessContext } from "../process.js";
import { createMessages, type Messages } from "./messages.js";
import { createPrinter, type Printer } from "./printer.js";
import { createWriter } from "./writer.js";

/** How the flags have data printed on standard output. */
export function printerFor(
  { stdout, env }: ProcessContext,
  { format = "text", color }: PlainFlags,
  isList: boolean,
): Promise<Printer> {
  return createPrinter(stdout, createWriter(stdout, color, env), format, isList);
}

/** How the flags have everything else printed on standard error. */
export function messagesFor(
  { stderr, env }: ProcessContext,
  { format = "text", color, quiet = false }: PlainFlags,
): Messages {
  return createMessages(createWriter(stderr, color, env), isJsonFormat(format), quiet);
}
