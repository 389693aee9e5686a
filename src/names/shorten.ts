// SPDX-License-Identifier: Apache-2.0

/**
 * The first `max` UTF-16 units of a text that an error quotes, with an ellipsis where something is missing; never half
 * a surrogate pair.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)}…`;
}

/** A text without line breaks: what quotes a server's words stays one line of a log. */
export function oneLine(text: string): string {
  return text
    .split(/[\r\n\u2028\u2029]+/)
    .map((part) => part.trim())
    .join(" ")
    .trim();
}
