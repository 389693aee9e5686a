// SPDX-License-Identifier: Apache-2.0

/** The collection's segment in the names of operations. */
const COLLECTION = "operations";

/**
 * A parent that `ListOperations` was asked for, in segments; `-` stands for any one (AIP-159). `undefined` is
 * above all.
 */
export type ParentPattern = readonly string[] | undefined;

/**
 * Reads `ListOperationsRequest.name`. A service's own binding has the parent resource there (`networks/123`),
 * the default one has the collection (`operations`), and clients send either to both: a trailing `operations`
 * makes no difference. Empty means everything.
 */
export function parseParent(parent: string): ParentPattern {
  if (parent === "") return undefined;
  const segments = parent.split("/");
  return segments.at(-1) === COLLECTION ? segments.slice(0, -1) : segments;
}

/**
 * Whether an operation is listed under a parent: `{parent}/operations/…`, or any depth below a parent that is
 * itself inside a collection of operations. Names without that segment are below each of their prefixes.
 */
export function isBelow(parent: ParentPattern, name: string): boolean {
  if (parent === undefined) return true;
  const segments = name.split("/");
  if (segments.length <= parent.length) return false;
  if (!parent.every((segment, at) => segment === "-" || segment === segments[at])) return false;
  return segments.indexOf(COLLECTION) <= parent.length;
}
