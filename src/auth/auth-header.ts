// SPDX-License-Identifier: Apache-2.0
import type { HeaderEntries } from "../transport/call/unary-request.js";

/**
 * What keeps a text from being a credential in a header, as a clause that follows the option's name; undefined when
 * nothing does. `Headers` would refuse it, too, but with the text in its error. The clause never repeats the text.
 */
export function problemOfCredentialText(value: unknown): string | undefined {
  if (typeof value !== "string") return `is not a string but ${value === null ? "null" : typeof value}`;
  if (value === "") return "is empty";
  if (value.startsWith("\ufeff")) return "begins with a byte order mark; save it as UTF-8 without one";
  if (/^\s*[{[]/.test(value)) {
    return "is JSON, not a token: of what an OAuth endpoint returned pass access_token; for a key or a login set GOOGLE_APPLICATION_CREDENTIALS to the path of its file";
  }
  if (/^\s*-----BEGIN/.test(value)) return "is a private key or a certificate, not a token";
  if (/^\s*</.test(value)) return "is an HTML or XML page, not a token";
  if (/^\s*["']/.test(value)) return "is in quotation marks; expected the token alone";
  const at = value.search(/[^!-~]/);
  if (at < 0) return undefined;
  const point = (value.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const hint = /^[!-~]+\s+$/.test(value) ? ": white space at the end, as of a text read from a file" : "";
  return `has a character that no credential has (U+${point} at ${at})${hint}`;
}

/**
 * The headers that a credential object returned, names in lower case, whether in a `Headers` (google-auth-library 10 and
 * later) or in a plain object (9).
 *
 * @throws Error, without any value, when it is neither, or has a value that cannot be sent.
 */
export function headerEntriesOf(returned: unknown): HeaderEntries {
  if (typeof returned !== "object" || returned === null) {
    throw new Error(
      `getRequestHeaders returned ${returned === null ? "null" : `a value of type ${typeof returned}`}`,
    );
  }
  const entries = new Map<string, string>();
  for (const [name, value] of isIterable(returned) ? returned : Object.entries(returned)) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" || /[^ -~]/.test(value)) {
      throw new Error(`getRequestHeaders returned a "${name}" that is not the text of a header`);
    }
    entries.set(name.toLowerCase(), value);
  }
  return [...entries];
}

/** `Headers` of any origin (the platform's, undici's, node-fetch's), told by how they are walked through. */
function isIterable(value: object): value is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in value;
}
