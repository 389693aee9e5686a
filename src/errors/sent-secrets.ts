// SPDX-License-Identifier: Apache-2.0
import { escapeText } from "../names/escape.js";
import { formsOf, redactText, type SecretForms, secretsInHeaders } from "./secrets.js";

/** So many secrets are remembered, the latest that were sent. */
const MAX_SECRETS = 64;

/** Shorter ones are looked for in the error of their own call alone: `english` in a cookie is no secret elsewhere. */
const MIN_LENGTH = 8;

/**
 * What went out of this process as a credential, for everything that is printed later: a server may repeat a token in the
 * call after, or in the error of an operation that it started with it hours ago. One list for the whole process, since that
 * is what shares one terminal and one log.
 */
const sent = new Set<string>();
let forms: SecretForms | undefined = [];
/** The last entries that were remembered: most calls of a client carry the same ones. */
let last: Iterable<readonly [string, string]> | undefined;

/** Remembers the credentials among the headers of a request that is about to be sent. */
export function rememberSecrets(headers: Iterable<readonly [string, string]>): void {
  if (headers === last) return;
  last = Array.isArray(headers) ? headers : undefined; // a `Headers` may change
  rememberTexts(secretsInHeaders(headers));
}

/** Remembers secrets by themselves: those that tokens are made from, which go to a token endpoint. */
export function rememberTexts(secrets: readonly string[]): void {
  for (const secret of secrets) {
    if (secret.length < MIN_LENGTH) continue;
    if (!sent.delete(secret)) forms = undefined;
    sent.add(secret);
    if (sent.size > MAX_SECRETS) for (const oldest of [...sent].slice(0, -MAX_SECRETS)) sent.delete(oldest);
  }
}

/** The forms of all secrets that were sent, and of those in some headers, however short. */
export function sentForms(headers?: Iterable<readonly [string, string]>): SecretForms {
  forms ??= formsOf(sent);
  const own = headers === undefined ? [] : secretsInHeaders(headers).filter((secret) => !sent.has(secret));
  return own.length === 0 ? forms : formsOf([...sent, ...own]);
}

/**
 * The text without any credential that this process has sent through a transport of this library, in whatever form: as it is,
 * percent-encoded, in JSON, in HTML, in hexadecimal, in base64. Errors come redacted. This is for the data of a response, which
 * comes as the server sent it, before it is printed or logged.
 *
 * @example console.log(redactSecrets(JSON.stringify(toJson(OperationSchema, operation))))
 */
export function redactSecrets(text: string): string {
  return redactText(text, sentForms());
}

/**
 * A text as it is shown to people: without credentials that were sent, and with control characters escaped. In this order, since
 * an escape in the middle of a token would hide it.
 *
 * @param toEscaped - for a text that is not a line: how a document of JSON or YAML is escaped
 */
export function printable(text: string, toEscaped: (text: string) => string = escapeText): string {
  return toEscaped(redactSecrets(text));
}
