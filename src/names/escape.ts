// SPDX-License-Identifier: Apache-2.0

/**
 * Characters that control a terminal, reorder or move the displayed text, or are invisible: C0 and C1 controls, DEL,
 * bidirectional marks, line and paragraph separators, invisible format characters, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Whether a text contains a character to escape. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

/** A text with these characters escaped, so that it stays on its line: `\u001b` for ESC, `\n` for a line break. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? hex(character, (code) => `\\u{${code}}`));
}

/** A JSON document with the same characters escaped; its line breaks are kept (strings have none). */
export function escapeJson(document: string): string {
  return escapeDocument(document, (character) =>
    [...Array(character.length).keys()].map((at) => unit(character.charCodeAt(at))).join(""),
  );
}

/** The same for a YAML document, in which strings with such characters are double-quoted. */
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
