// SPDX-License-Identifier: Apache-2.0

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** A duration in its two largest units: `1 h 5 m`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 s";
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(" ");
}

/** The time of day of an RFC 3339 time, in this browser's zone. */
export function timeOfDay(time: string): string {
  return new Date(time).toLocaleTimeString("en-GB");
}

/** The fraction of a second of an RFC 3339 time: `.123`. */
export function fractionOf(time: string): string {
  return /\.\d+/.exec(time)?.[0] ?? "";
}

/** A JSON value for people. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/**
 * A message from what somebody typed: `undefined` for nothing; an object without `@type` becomes a Struct.
 *
 * @throws Error that says which field is not JSON
 */
export function messageFrom(field: string, text: string): object | undefined {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${field}: not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${field}: expected an object`);
  return "@type" in value ? value : { "@type": "type.googleapis.com/google.protobuf.Struct", value };
}
