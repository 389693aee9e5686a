// SPDX-License-Identifier: Apache-2.0

/** The segments that a program makes of a value that it does not have. */
const VALUE_SEGMENT = /(?:^|\/)(undefined|null|NaN|\[object \w+\])(?=\/|$)/;

const ODDITIES: readonly (readonly [pattern: RegExp, text: (match: RegExpExecArray) => string])[] = [
  [/^\s|\s$/, () => "begins or ends with white space"],
  [/^["'`<]|["'`>,;]$/, ({ 0: mark }) => `begins or ends with ${mark}`],
  [/%[\da-f]{2}/i, () => "is percent-encoded"],
  [VALUE_SEGMENT, ({ 1: value }) => `has the segment "${value}"`],
  [
    /[^\0-\x7f]/u,
    ({ 0: character, index }) => `has ${codePointOf(character)} at ${index}, which is not ASCII`,
  ],
];

/**
 * What is unusual about a resource name, as a clause that follows the words "the name"; `undefined` for a usual one. Servers
 * may have such names, so they are sent: this is a hint for one that the server does not know. Letters of other alphabets
 * look like ASCII (U+0430 like `a`), and others cannot be seen (U+200B).
 */
export function oddityOf(name: string): string | undefined {
  for (const [pattern, text] of ODDITIES) {
    const match = pattern.exec(name);
    if (match !== null) return text(match);
  }
  return undefined;
}

/** A character as `U+0041`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
