// SPDX-License-Identifier: Apache-2.0

/** The stability level of a version (AIP-181). */
export type Stability = "stable" | "beta" | "alpha";

/** A version by AIP-185: `v1`, `v1beta1`, `v1p3beta1`, `v2alpha`; `uiv1beta3` and the like count as alpha. */
const SHAPE = /^v(\d+)(?:p(\d+))?(?:(alpha|beta)(\d*))?$/;
const RANK: Readonly<Record<Stability, number>> = { stable: 2, beta: 1, alpha: 0 };

/** Whether a text is a version by AIP-185. */
export function isVersion(text: string): boolean {
  return SHAPE.test(text);
}

/** The stability level of a version, from its name. */
function stabilityOf(version: string): Stability {
  const shape = SHAPE.exec(version);
  if (shape === null) return "alpha";
  return shape[3] === "alpha" ? "alpha" : shape[3] === "beta" ? "beta" : "stable";
}

/** Orders versions: stable ones first, then beta, then alpha, and among equals the newest first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [weightOf(a), weightOf(b)];
  const differing = left.findIndex((weight, index) => weight !== right[index]);
  return differing < 0 ? 0 : (right[differing] ?? 0) - (left[differing] ?? 0);
}

function weightOf(version: string): readonly number[] {
  const [, major = 0, point = 0, , revision = 0] = SHAPE.exec(version) ?? [];
  return [RANK[stabilityOf(version)], Number(major), Number(point), Number(revision)];
}

/** The versions that can be chosen automatically: all stable ones, or the newest beta, or the newest alpha. */
export function preferredVersions(versions: readonly string[]): readonly string[] {
  const sorted = [...versions].sort(compareVersions);
  const stable = sorted.filter((version) => stabilityOf(version) === "stable");
  return stable.length > 0 ? stable : sorted.slice(0, 1);
}
