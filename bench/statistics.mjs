// SPDX-License-Identifier: Apache-2.0

/** The middle value; the mean of the middle two when there is none. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The ratios within each round: what disturbs a round disturbs both sides of it. */
export function ratios(ours, theirs) {
  return ours.map((value, round) => value / theirs[round]);
}

/** The median of {@link ratios}. */
export function medianRatio(ours, theirs) {
  return median(ratios(ours, theirs));
}

/** `median (lowest to highest)`. */
export function spread(values, digits) {
  const text = (value) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}
