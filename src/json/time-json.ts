// SPDX-License-Identifier: Apache-2.0
// The JSON of google.protobuf.Timestamp and Duration.

import { type JsonValue, protoInt64 } from "@bufbuild/protobuf";
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import type { WellKnown } from "./context.js";

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const DURATION = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/;
/** The longest google.protobuf.Duration: about ten thousand years. */
export const MAX_DURATION_SECONDS = 315_576_000_000;
const MAX_NANOS = 999_999_999;

export const timestamp: WellKnown<Timestamp> = {
  read(json) {
    const [, time = "", fraction = "", zone] = TIMESTAMP.exec(textOf(json)) ?? [];
    const seconds = Date.parse(`${time}${zone}`) / 1000;
    return isTimestamp(seconds) && isDay(time)
      ? { seconds: protoInt64.parse(seconds), nanos: nanosOf(fraction) }
      : undefined;
  },
  write({ seconds, nanos }) {
    if (!isTimestamp(Number(seconds)) || !isIntegerWithin(MAX_NANOS, nanos) || nanos < 0) return undefined;
    return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", `${fractionOf(nanos)}Z`);
  },
};

/** Whether the month has that day: Date takes February 30 for March 2. */
function isDay(time: string): boolean {
  const day = Number(time.slice(8, 10));
  return day <= 28 || new Date(`${time}Z`).getUTCDate() === day;
}

/** From the year 1 to the year 9999. */
function isTimestamp(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= -62_135_596_800 && seconds <= 253_402_300_799;
}

function isIntegerWithin(max: number, value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= max;
}

export const duration: WellKnown<Duration> = {
  read(json) {
    const [, minus, whole, fraction = ""] = DURATION.exec(textOf(json)) ?? [];
    const sign = minus === "-" ? -1 : 1;
    if (!(Number(whole) <= MAX_DURATION_SECONDS)) return undefined;
    return { seconds: protoInt64.parse(sign * Number(whole)), nanos: sign * nanosOf(fraction) + 0 };
  },
  write({ seconds, nanos }) {
    const whole = Number(seconds);
    if (!isIntegerWithin(MAX_DURATION_SECONDS, whole) || !isIntegerWithin(MAX_NANOS, nanos)) return undefined;
    if (whole * nanos < 0) return undefined;
    return `${whole < 0 || nanos < 0 ? "-" : ""}${Math.abs(whole)}${fractionOf(Math.abs(nanos))}s`;
  },
};

function textOf(json: JsonValue): string {
  return typeof json === "string" ? json : "";
}

function nanosOf(fraction: string): number {
  return Number(fraction.padEnd(9, "0"));
}

/** Nanoseconds as a fraction of three, six or nine digits, or of none. */
function fractionOf(nanos: number): string {
  return nanos === 0
    ? ""
    : `.${String(nanos)
        .padStart(9, "0")
        .replace(/(000){1,2}$/, "")}`;
}
