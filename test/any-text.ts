// SPDX-License-Identifier: Apache-2.0
import fc, { type StringConstraints } from "fast-check";

const SURROGATES = { from: 0xd800, count: 0x800 };
const MAX_CODE_POINT = 0x10ffff;

/** Any Unicode character: a code point but a surrogate. */
const character = fc.integer({ min: 0, max: MAX_CODE_POINT - SURROGATES.count }).map(
  (at) => String.fromCodePoint(at < SURROGATES.from ? at : at + SURROGATES.count),
  (text) => {
    const code = typeof text === "string" && [...text].length === 1 ? (text.codePointAt(0) ?? -1) : -1;
    if (code < 0) throw new Error("not one character");
    return code < SURROGATES.from ? code : code - SURROGATES.count;
  },
);

/** Any text but lone surrogates. As `fc.string({ unit: "binary" })`, without the map of a million characters that this makes first. */
export function anyText(constraints: Omit<StringConstraints, "unit"> = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: character });
}
