// SPDX-License-Identifier: Apache-2.0
import { loneSurrogateAt } from "../../names/operation-name.js";
import { invalidArgument } from "../invalid-argument.js";

/** Text of these characters alone is its own encoding. */
const UNRESERVED = /^[-_.~0-9A-Za-z]*$/;

/** The characters that `encodeURIComponent` leaves, and http.proto does not. */
const LEFT_OVER = /[!'()*]/;
const EACH_LEFT_OVER = /[!'()*]/g;

/**
 * Percent-encodes every UTF-8 byte but `[-_.~0-9A-Za-z]`, in upper case: http.proto's encoding of a path variable, and
 * RFC 6570 section 3.2.2. A `%` in the text is text: it becomes `%25`.
 *
 * @param what names the text in the error
 * @throws ConnectError InvalidArgument for a lone surrogate, which has no UTF-8
 */
export function encodeText(text: string, what: string): string {
  if (UNRESERVED.test(text)) return text;
  try {
    const encoded = encodeURIComponent(text);
    if (!LEFT_OVER.test(encoded)) return encoded;
    return encoded.replace(EACH_LEFT_OVER, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  } catch (error) {
    // The only thing that encodeURIComponent throws is the URIError for a lone surrogate.
    throw invalidArgument(
      `${what} has a lone surrogate at ${loneSurrogateAt(text)}, expected well-formed Unicode`,
      error,
    );
  }
}

/** The inverse of {@link encodeText}; `undefined` when the text has a broken `%XX` or bytes that are not UTF-8. */
export function decodeText(text: string): string | undefined {
  if (!text.includes("%")) {
    return text;
  }
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // The only thing that decodeURIComponent throws is the URIError for malformed text.
  }
}

/**
 * As {@link decodeText}, but `%2F` stays as it is: http.proto has servers decode a variable of several segments so, since
 * an encoded slash would become a separator.
 */
export function decodeKeepingSlash(text: string): string | undefined {
  return text.includes("%") ? decodeText(text.replace(/%(2f)/gi, "%25$1")) : text;
}
