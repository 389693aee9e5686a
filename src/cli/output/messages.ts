// SPDX-License-Identifier: Apache-2.0
import type { ErrorReport } from "./error-report.js";
import type { Line, Writer } from "./writer.js";

/** Everything that is not data; written to standard error. */
export interface Messages {
  /** Reports an error, as text or as a line of JSON. */
  fail(error: ErrorReport): void;
  /** Prints informational lines; nothing in JSON, or with --quiet. */
  note(...lines: readonly string[]): void;
  /** Prints a line of the log that a flag asked for, also with --quiet; in JSON as `{"log": line}`. */
  log(line: string): void;
}

/** The code of what the user stopped: the message says so, and it is no error. */
export const INTERRUPTED = "INTERRUPTED";

/** Codes that say no more than the message. */
const PLAIN: ReadonlySet<string> = new Set(["USAGE", "UNEXPECTED", "OUTPUT", INTERRUPTED]);

/** Writes to standard error, as text or JSON. */
export function createMessages(writer: Writer, isJson: boolean, isQuiet: boolean): Messages {
  return {
    fail: ({ json, message, next }) => {
      if (isJson) {
        const error = next.length === 0 ? json : { ...json, next: [...next] };
        writer.json(`${JSON.stringify({ error })}\n`);
        return;
      }
      const { code, reason, requestId, httpStatus, details } = json;
      const facts = [
        code === undefined || PLAIN.has(String(code)) ? [] : [`code: ${String(code)} (${String(reason)})`],
        httpStatus === undefined ? [] : [`http status: ${String(httpStatus)}`],
        requestId === undefined ? [] : [`request id: ${String(requestId)}`],
        Array.isArray(details) ? details.map((detail) => `detail: ${JSON.stringify(detail)}`) : [],
        next.map((step) => `next: ${step}`),
      ].flat();
      const first: Line = code === INTERRUPTED ? [message] : [{ text: "error:", as: "error" }, ` ${message}`];
      writer.lines([first, ...facts.map((fact): Line => [`  ${fact}`])]);
    },
    note: (...lines) => {
      if (!isJson && !isQuiet) writer.lines(lines.map((line) => [line]));
    },
    log: (line) => {
      if (isJson) writer.json(`${JSON.stringify({ log: line })}\n`);
      else writer.lines([[line]]);
    },
  };
}
