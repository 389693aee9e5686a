// SPDX-License-Identifier: Apache-2.0
import { formsOf, REDACTED, redactText } from "../../errors/secrets.js";

/** A secret next to its name, as in a form, in JSON or in a printed object. */
const NAMED_SECRET =
  /((?:\btoken=|(?:_token|_secret|_key|assertion|password|api_?key)["']?\s*[:=])\s*["']?)[^\s"'&,]+/gi;

/** A run as long as the shortest token. */
const LONG_RUN = /[A-Za-z0-9_+=-]{20,}/g;

/** The suffix of a key file's name, which contains twelve hexadecimal digits and is not secret. */
const FILE_EXTENSION = /^\.json\b/;

/**
 * The message of a third-party error, on one line, without the given secrets and anything that resembles one:
 * tokens and keys of known formats, and long runs of letters mixed with digits.
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
