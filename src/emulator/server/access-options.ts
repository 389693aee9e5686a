// SPDX-License-Identifier: Apache-2.0
import { isIP } from "node:net";
import { invalidValue } from "../../errors/options.js";
import { checkTexts } from "../option-check.js";

/** Host names in lower case, as a request's `Host` has them, without its port. */
export function checkHostNames(name: string, value: readonly string[]): readonly string[] {
  return checkTexts(name, value).map((host, at) => {
    if (isIP(host) !== 0 || /^[\w.-]+$/.test(host)) return host.toLowerCase();
    throw invalidValue(
      `${name}[${at}]`,
      host,
      "a host name without a port, such as app.test; there is no wildcard",
    );
  });
}

/** Origins as browsers send them (`https://app.test`), or `*`. */
export function checkOrigins(name: string, value: readonly string[]): readonly string[] {
  for (const [at, origin] of checkTexts(name, value).entries()) {
    if (!isOrigin(origin))
      throw invalidValue(`${name}[${at}]`, origin, "an origin such as https://app.test, or *");
  }
  return value;
}

function isOrigin(text: string): boolean {
  if (text === "*" || text === "null") return true;
  // `URL.origin` is "null" for the schemes of browser extensions, and of files.
  if (!/^https?:/i.test(text)) return /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]*$/.test(text);
  return !text.includes("*") && URL.canParse(text) && new URL(text).origin === text;
}
