// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { Operation, Operations } from "../../../gen/google/longrunning/operations_pb.js";
import type { Clock } from "../../time/clock.js";
import { checkFields } from "../filter/fields.js";
import { matchesFilter } from "../filter/filter.js";
import { parseFilter } from "../filter/parser.js";
import { fromPageToken, toPageToken } from "./page.js";
import type { Store } from "./store.js";
import { createWaitEnd, waitForOperation } from "./wait.js";

/** Dependencies of the service. */
export interface OperationsServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** ProtoJSON of an operation, for filters. */
  toJson(operation: Operation): JsonValue;
  /** Resources that `ListOperations` currently reports as unreachable. */
  unreachable(): readonly string[];
  /** Maximum wait of `WaitOperation`, in milliseconds. A request may ask for less. */
  readonly maxWaitMs: number;
  /** Aborted when the server shuts down: every wait then ends with the latest state. */
  readonly closing: AbortSignal;
}

/** Default page size. */
const DEFAULT_PAGE_SIZE = 50;
/** Maximum page size; larger ones are silently reduced to it (AIP-158). */
const MAX_PAGE_SIZE = 1_000;
/** The fraction of the call's deadline that a wait may use, so that the response arrives in time. */
const DEADLINE_SHARE = 0.9;

/**
 * `google.longrunning.Operations` over a store, following its proto comments. Where they leave the behaviour open:
 *
 * - cancelling a finished operation is OK and changes nothing, as Google's servers do;
 * - a wait without a timeout, or with a longer one, ends after `maxWaitMs` with the latest state;
 * - a list with unreachable resources fails with `UNAVAILABLE` unless `return_partial_success` is set
 *   (AIP-217).
 */
export function createOperationsService(options: OperationsServiceOptions): ServiceImpl<typeof Operations> {
  const { store, clock, toJson, unreachable, maxWaitMs, closing } = options;
  const waitEnd = createWaitEnd();
  closing.addEventListener("abort", waitEnd.endAll, { once: true });
  return {
    getOperation: ({ name }) => store.get(required(name)),
    cancelOperation: ({ name }) => {
      store.cancel(required(name));
      return {};
    },
    deleteOperation: ({ name }) => {
      store.delete(required(name));
      return {};
    },
    waitOperation: ({ name, timeout }, context) => {
      const deadlineMs = (context.timeoutMs() ?? Number.POSITIVE_INFINITY) * DEADLINE_SHARE;
      return waitForOperation(required(name), {
        store,
        clock,
        timeoutMs: Math.min(maxWaitMs, deadlineMs, timeoutMsOf(timeout)),
        signal: context.signal,
        end: waitEnd,
      });
    },
    listOperations: ({ name, filter, pageSize, pageToken, returnPartialSuccess }) => {
      if (pageSize < 0) throw new ConnectError("page_size is negative.", Code.InvalidArgument);
      const question = { parent: name, filter };
      const after = fromPageToken(pageToken, question);
      const condition = parseFilter(filter);
      if (condition !== undefined) checkFields(condition);
      const missing = unreachable();
      if (missing.length > 0 && !returnPartialSuccess) {
        throw new ConnectError(`${missing.length} resources cannot be reached.`, Code.Unavailable);
      }
      const { operations, last } = store.page({
        parent: name,
        after,
        limit: Math.min(pageSize === 0 ? DEFAULT_PAGE_SIZE : pageSize, MAX_PAGE_SIZE),
        matches: (operation) => condition === undefined || matchesFilter(condition, toJson(operation)),
      });
      return {
        operations: [...operations],
        nextPageToken: last === undefined ? "" : toPageToken(last, question),
        unreachable: [...missing],
      };
    },
  };
}

function required(name: string): string {
  if (name === "")
    throw new ConnectError("name is empty: expected the name of an operation.", Code.InvalidArgument);
  return name;
}

function timeoutMsOf(timeout: Duration | undefined): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const ms = durationMs(timeout);
  if (ms < 0) throw new ConnectError("timeout is negative.", Code.InvalidArgument);
  return ms;
}
