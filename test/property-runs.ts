// SPDX-License-Identifier: Apache-2.0

const isLong = process.env.LONG === "1";

/** How often a property is tried: `count` times in `npm run test:long`; else a twentieth of it, 100 times at least. */
export function propertyRuns(count: number): number {
  return isLong ? count : Math.min(count, Math.max(100, Math.ceil(count / 20)));
}
