// SPDX-License-Identifier: Apache-2.0
import { formsOf, REDACTED, redactText } from "../../errors/secrets.js";

/** Names of properties that hold secrets in the clients of google-auth-library. */
const SECRET_NAME = /token|secret|key|password|assertion/i;

/** What only is about one, under names such as `token_type`, `tokenUrl`, `keyId` and `keyFile`. */
const ABOUT_SECRETS = /(?:type|ur[il]|id|file(?:name)?|path)$/i;

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

/**
 * Texts that an object holds under names that say so (`access_token`, `_clientSecret`, `key`), its parts included: a
 * client of google-auth-library keeps its tokens in `credentials`, and the client it borrows from in `sourceClient`.
 */
export function secretsHeldBy(holder: object, depth = 3): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value === "string" && SECRET_NAME.test(name) && !ABOUT_SECRETS.test(name)) found.push(value);
    if (depth > 0 && isPlainPart(value)) found.push(...secretsHeldBy(value, depth - 1));
  }
  return found;
}

/** Parts worth a look: not lists, not the transporter with its agents and sockets. */
function isPlainPart(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !("request" in value && "interceptors" in value)
  );
}
