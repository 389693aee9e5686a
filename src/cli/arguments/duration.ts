// SPDX-License-Identifier: Apache-2.0

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/**
 * The milliseconds of a duration: `500ms`, `30s`, `5m`, `1h30m`, `2d`; `undefined` for any other text, including a number
 * without a unit, which would be ambiguous.
 */
export function parseDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit = ""] of text.matchAll(PART)) ms += Number(amount) * (UNIT_MS[unit] ?? 0);
  return ms;
}
