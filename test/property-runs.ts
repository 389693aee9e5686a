// SPDX-License-Identifier: Apache-2.0

const isLong = process.env.LONG === "1";

/**
 * How often a property is tried: `count` times in `npm run test:long`; else a hundredth of it, `least` times at least (fewer
 * where each try is a call over a socket).
 */
export function propertyRuns(count: number, least = 25): number {
  return isLong ? count : Math.min(count, Math.max(least, Math.ceil(count / 100)));
}
