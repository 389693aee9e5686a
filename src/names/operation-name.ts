// SPDX-License-Identifier: Apache-2.0

/**
 * What is wrong with a resource name (`operations/1`, `networks/123/operations/reports/runs/456`), as a
 * clause that follows the words "the name": `has a dot segment ("..")`. `undefined` for a good name.
 *
 * Refused is what could make a request reach another resource than the one named, or what no server takes: an
 * empty name or segment, dot segments (also percent-encoded, which WHATWG URL collapses like plain ones),
 * `?`, `#`, `\`, control characters, lone surrogates. Everything else is left to the server: AIP-122 lets
 * services choose their alphabet. Positions count UTF-16 units from 0.
 */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== "string") {
    return `is not a string but ${name === null ? "null" : typeof name}`;
  }
  if (name === "") {
    return "is empty";
  }
  return characterProblem(name) ?? segmentProblem(name);
}

/**
 * C0 and C1 controls, DEL, the delimiters that end a URL's path, and the backslash that URL parsers read as a
 * slash.
 */
const forbidden = /[\u0000-\u001f\u007f-\u009f?#\\]/;

/** Half of a surrogate pair: it has no UTF-8 form, so it cannot be sent. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether a text has half of a surrogate pair, and so no UTF-8 form. */
export function hasLoneSurrogate(text: string): boolean {
  return loneSurrogate.test(text);
}

function characterProblem(name: string): string | undefined {
  const bad = forbidden.exec(name);
  if (bad !== null) {
    const [character] = bad;
    const code = character.charCodeAt(0);
    return code < 0x20 || code > 0x7e
      ? `has a control character (U+${code.toString(16).toUpperCase().padStart(4, "0")} at ${bad.index})`
      : `has "${character}" at ${bad.index}`;
  }
  const half = loneSurrogate.exec(name);
  return half === null ? undefined : `has a lone surrogate at ${half.index}`;
}

function segmentProblem(name: string): string | undefined {
  if (name.startsWith("/")) {
    return 'starts with "/"';
  }
  if (name.endsWith("/")) {
    return 'ends with "/"';
  }
  for (const segment of name.split("/")) {
    if (segment === "") {
      return 'has an empty segment ("//")';
    }
    const plain = segment.replace(/%2e/gi, ".");
    if (plain === "." || plain === "..") {
      return `has a ${plain === segment ? "" : "percent-encoded "}dot segment ("${segment}")`;
    }
  }
  return undefined;
}
