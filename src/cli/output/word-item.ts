// SPDX-License-Identifier: Apache-2.0
import { EXIT } from "../exit-status.js";
import type { ErrorReport } from "./error-report.js";
import { row } from "./items.js";
import type { Item } from "./printer.js";

/** A name of which a word is all there is to say: `requested`, `deleted`. */
export function wordItem(name: string, word: string): Item {
  return { json: { name, state: word }, lines: [row(word, name, "")] };
}

/** A name for which the call failed, or the time for the wait was up; standard error has the words for it. */
export function errorItem(name: string, report: ErrorReport): Item {
  const word = report.status === EXIT.timedOut ? "timed-out" : "error";
  const code = String(report.json.code);
  return {
    json: { name, state: word, error: report.json },
    lines: [row(word, name, word === "error" ? code : "")],
  };
}
