// SPDX-License-Identifier: Apache-2.0

import { codePointOf } from "./odd-name.js";

/** How strictly {@link nameProblem} checks. */
export interface NameOptions {
  /** Accepts an empty segment in the middle of the name: `operations//1`. @default false */
  readonly allowEmptySegments?: boolean;
}

const STRICT: NameOptions = {};

/** C0 and C1 controls, DEL, what ends a URL's path, and the backslash, which URL parsers read as a slash. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f?#\\]/;

/** Half of a surrogate pair: it has no UTF-8 form, so it cannot be sent. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The beginning of each segment that may be empty or a dot segment: most names have none, and need not be taken apart. */
const SUSPECT_SEGMENT = /(?:^|\/)(?:\/|\.|%2e)/i;

const FORBIDDEN_OR_LONE = new RegExp(`${FORBIDDEN.source}|${LONE_SURROGATE.source}`);

/**
 * What is wrong with a resource name (`operations/1`, `networks/123/operations/reports/runs/456`), as a
 * clause that follows the words "the name": `has a dot segment ("..")`. `undefined` for a good name.
 *
 * Rejected is what could make a request reach another resource than the one named, or what no server accepts: an
 * empty name or segment, dot segments (also percent-encoded, which WHATWG URL collapses like plain ones),
 * `?`, `#`, `\`, control characters, lone surrogates. Everything else is left to the server: AIP-122 lets
 * services choose their alphabet. Positions count UTF-16 units from 0.
 */
export function nameProblem(name: unknown, options: NameOptions = STRICT): string | undefined {
  if (typeof name !== "string") return `is not a string but ${name === null ? "null" : typeof name}`;
  if (name === "") return "is empty";
  if (name.startsWith("/")) return 'starts with "/"';
  if (name.endsWith("/")) return 'ends with "/"';
  const forbidden = FORBIDDEN_OR_LONE.exec(name);
  if (forbidden !== null) return characterProblem(forbidden[0], forbidden.index);
  if (!SUSPECT_SEGMENT.test(name)) return undefined;
  for (const segment of name.split("/")) {
    if (segment === "" && options.allowEmptySegments !== true) return 'has an empty segment ("//")';
    const plain = segment.replace(/%2e/gi, ".");
    if (plain === "." || plain === "..")
      return `has a ${plain === segment ? "" : "percent-encoded "}dot segment ("${segment}")`;
  }
  return undefined;
}

/** Where a text has half of a surrogate pair, and so no UTF-8 form; -1 for nowhere. */
export function loneSurrogateAt(text: string): number {
  return text.search(LONE_SURROGATE);
}

function characterProblem(character: string, at: number): string {
  const code = character.charCodeAt(0);
  if (code >= 0xd800) return `has a lone surrogate at ${at}`;
  if (code >= 0x20 && code <= 0x7e) return `has "${character}" at ${at}`;
  return `has a control character (${codePointOf(character)} at ${at})`;
}
