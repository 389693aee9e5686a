// SPDX-License-Identifier: Apache-2.0
import { formsOf, REDACTED, redactText } from "../../errors/secrets.js";

/** A secret next to its name, as in a form, in JSON or in an object printed. */
const NAMED_SECRET =
  /((?:\btoken=|(?:_token|_secret|_key|assertion|password|api_?key)["']?\s*[:=])\s*["']?)[^\s"'&,]+/gi;

/** A run as long as the shortest token. */
const LONG_RUN = /[A-Za-z0-9_+=-]{20,}/g;

/** What follows the name of a key file, which has twelve hexadecimal digits in it and is no secret. */
const FILE_EXTENSION = /^\.json\b/;

/**
 * The text of an error from outside, on one line, without the given secrets and without anything that looks like one:
 * tokens and keys of known forms, and long runs of letters mixed with digits.
 */
export function cautiousText(text: string, secrets: readonly string[]): string {
  return redactText(text, formsOf(secrets))
    .replace(/-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, REDACTED)
    .replace(/\b(?:ya29\.|AIza|1\/\/|eyJ)[\w./+=-]+/g, REDACTED)
    .replace(/\b(bearer|basic)\s+\S+/gi, `$1 ${REDACTED}`)
    .replace(NAMED_SECRET, `$1${REDACTED}`)
    .replace(LONG_RUN, (run, offset: number, whole: string) => {
      const isFile = FILE_EXTENSION.test(whole.slice(offset + run.length, offset + run.length + 6));
      return !isFile && /\d/.test(run) && /[A-Za-z]/.test(run) ? REDACTED : run;
    })
    .replace(/\s+/g, " ")
    .slice(0, 300);
}
