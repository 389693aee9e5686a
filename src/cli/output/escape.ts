// SPDX-License-Identifier: Apache-2.0

/**
 * Characters that a terminal obeys, that change the order or the place of what is shown, or that are not shown at all: C0
 * and C1 controls, DEL, bidirectional marks, line and paragraph separators, invisible format characters, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Whether a text has a character that is escaped. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

/** A text that stays in its place on a line: `\u001b` for an escape, `\n` for a line's end. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? hex(character, (code) => `\\u{${code}}`));
}

/** A JSON document with the same characters escaped; line ends are the document's own, those in strings are escaped already. */
export function escapeJson(document: string): string {
  return escapeDocument(document, (character) =>
    [...Array(character.length).keys()].map((at) => unit(character.charCodeAt(at))).join(""),
  );
}

/** A YAML document likewise, whose strings with such characters are in double quotes. */
export function escapeYaml(document: string): string {
  return escapeDocument(document, (character) => hex(character, (code) => `\\U${code.padStart(8, "0")}`));
}

function escapeDocument(document: string, escaped: (character: string) => string): string {
  return document.replace(UNSAFE, (character) => (character === "\n" ? character : escaped(character)));
}

function hex(character: string, astral: (code: string) => string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? astral(code.toString(16)) : unit(code);
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
