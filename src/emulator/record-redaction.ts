// SPDX-License-Identifier: Apache-2.0

/** What a call record shows of a credential. */
const REDACTED = "REDACTED";

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-goog-api-key",
  "x-goog-iam-authorization-token",
]);

/** Google's system parameters that carry a credential in the query. */
const SECRET_PARAMETER = /([?&](?:%24|\$)?(?:key|access_token|oauth_token)=)[^&]*/gi;

/** The target of a request without the credentials in its query. */
export function redactTarget(target: string): string {
  return target.replace(SECRET_PARAMETER, `$1${REDACTED}`);
}

/** The headers of a request by name, in lower case, without credentials; those of HTTP/2 that begin with a colon are left out. */
export function redactHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? "";
    if (name.startsWith(":")) continue;
    const value = SECRET_HEADERS.has(name) ? REDACTED : (raw[at + 1] ?? "");
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
