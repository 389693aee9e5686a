// SPDX-License-Identifier: Apache-2.0
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { isBelow, parseParent } from "./parent.js";
import { goneMs, type OperationRecord, operationAt } from "./timeline.js";

/** Which operations a page is made of. */
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
 * One page of the operations that clients can see, in the order of their creation, so that what starts or goes
 * between two pages makes no other operation appear twice or never.
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
