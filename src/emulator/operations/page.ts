// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { goneMs, type OperationRecord, operationAt } from "./timeline.js";

/** Selects the operations of a page. */
export interface PageQuery {
  readonly parent: string;
  /** The sequence of the last operation of the page before; -1 for the first page. */
  readonly after: number;
  readonly limit: number;
  matches(operation: Operation): boolean;
}

/** One page of a list. */
export interface Page {
  readonly operations: readonly Operation[];
  /** `PageQuery.after` of the next page; `undefined` when this is the last. */
  readonly last: number | undefined;
}

/**
 * One page of the operations that clients can see, in the order of their creation, so that operations that start or
 * disappear between two pages do not cause others to be repeated or skipped.
 */
export function pageOf(records: Iterable<OperationRecord>, query: PageQuery, nowMs: number): Page {
  const { after, limit, matches } = query;
  const parent = parseParent(query.parent);
  const operations: Operation[] = [];
  let last = after;
  for (const record of records) {
    if (record.sequence <= after || !isBelow(parent, record.name) || goneMs(record) <= nowMs) continue;
    const operation = operationAt(record, nowMs);
    if (!matches(operation)) continue;
    if (operations.length === limit) return { operations, last };
    operations.push(operation);
    last = record.sequence;
  }
  return { operations, last: undefined };
}

/** The collection's segment in the names of operations. */
const COLLECTION = "operations";

/**
 * The parent of a `ListOperations` request, in segments; `-` matches any one (AIP-159). `undefined` is the parent of
 * all.
 */
export type ParentPattern = readonly string[] | undefined;

/**
 * Parses `ListOperationsRequest.name`. A service's own binding has the parent resource there (`networks/123`), the
 * default one has the collection (`operations`), and clients send either to both, so a trailing `operations` is
 * ignored. Empty means everything.
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

/** The parameters of a list that must stay the same from page to page (AIP-158). */
export interface ListQuestion {
  readonly parent: string;
  readonly filter: string;
}

/** Creates the token of the page after the operation with this sequence. URL-safe, opaque to clients. */
export function toPageToken(after: number, question: ListQuestion): string {
  return `${after.toString(36)}.${fingerprint(question)}`;
}

/**
 * Parses a page token; the empty one is that of the first page.
 *
 * @throws ConnectError `InvalidArgument` for an invalid token or that of another list.
 */
export function fromPageToken(token: string, question: ListQuestion): number {
  if (token === "") return -1;
  const [sequence = "", mark, ...rest] = token.split(".");
  const after = Number.parseInt(sequence, 36);
  if (rest.length > 0 || !Number.isSafeInteger(after) || after.toString(36) !== sequence) {
    throw new ConnectError("page_token was not issued by this server.", Code.InvalidArgument);
  }
  if (mark !== fingerprint(question)) {
    throw new ConnectError("page_token belongs to a list with another name or filter.", Code.InvalidArgument);
  }
  return after;
}

/** FNV-1a over UTF-16 units: distinguishes queries, no protection against tampering. */
function fingerprint({ parent, filter }: ListQuestion): string {
  const text = `${parent.length}:${parent}${filter}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
