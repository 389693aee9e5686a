// SPDX-License-Identifier: Apache-2.0

import { shorten } from "../../names/shorten.js";
import { redactSecrets } from "../sent-secrets.js";

/** Longest quote of a body that is not JSON, in UTF-16 units. */
const MAX_QUOTE = 1_024;

/** How much of a page is searched for its title. */
const MAX_HEAD = 4_096;

/** Longest quote of a URL. */
const MAX_URL = 512;

/** What describes an HTTP response whose body has no error message. */
export interface DescribedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly verb: string;
  readonly url: string;
  readonly text: string;
}

/**
 * `HTTP 404 POST https://host/v1/operations/1:cancel: Error 404 (Not Found)`: the response, the request, and
 * the title of the page or the beginning of the text. Verb and URL are there because a page in place of JSON
 * mostly means that the request went to the wrong URL.
 */
export function httpErrorText({ status, headers, verb, url, text }: DescribedResponse): string {
  const location = headers.get("location");
  const said =
    status >= 300 && status < 400 && location !== null
      ? `redirects are not followed (to ${bareUrl(redactSecrets(location))})`
      : titleOf(text) || shorten(oneLine(text), MAX_QUOTE);
  return `HTTP ${status} ${verb} ${bareUrl(url)}${said === "" ? "" : `: ${said}`}`;
}

/**
 * A URL for messages and logs: without user, query and fragment, which may hold keys, and not without end.
 */
export function bareUrl(url: string): string {
  return shorten(url.replace(/[?#].*$/s, "").replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, "$1//"), MAX_URL);
}

function titleOf(text: string): string {
  const title = /<title[^<>]*>([^<]*)/i.exec(text.slice(0, MAX_HEAD))?.[1];
  return shorten(oneLine(title ?? ""), MAX_QUOTE);
}

/** White space and control characters as single blanks. */
function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}
