// SPDX-License-Identifier: Apache-2.0
import { EXIT } from "../exit-status.js";
import type { Failure } from "./failure.js";
import type { Item } from "./format.js";
import { row } from "./items.js";

/** A name of which a word is all there is to say: `requested`, `deleted`. */
export function wordItem(name: string, word: string): Item {
  return { json: { name, state: word }, text: (paint) => row(paint, word, name, "") };
}

/** A name for which the call failed, or the time for the wait was up; standard error has the words for it. */
export function errorItem(name: string, failure: Failure): Item {
  const word = failure.status === EXIT.timedOut ? "timed-out" : "error";
  const code = String(failure.json.code);
  return {
    json: { name, state: word, error: failure.json },
    text: (paint) => row(paint, word, name, word === "error" ? code : ""),
  };
}
