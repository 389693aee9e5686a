// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape, Registry } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import type { CallError } from "../../errors/call-error.js";
import type { OperationTypes } from "../operation-types.js";
import { sameOperation } from "../same-operation.js";
import { isOutcome, type Outcome, type Snapshot, snapshotOf } from "../snapshot.js";

/** What happened to one operation of a parent since the poll before. */
export type OperationChange<R = Any, M = Any> =
  | {
      /** It runs: seen for the first time, or not as it was. */
      readonly kind: "added" | "changed";
      /** The operation as it is now. */
      readonly snapshot: Snapshot<R, M>;
    }
  | {
      /** It has ended. There is no further change of this operation. */
      readonly kind: "ended";
      /** How it ended. */
      readonly snapshot: Outcome<R, M>;
    }
  | {
      /**
       * It cannot be polled any more: it is in no List, and Get fails, as for one that was deleted. How it ended is not
       * known.
       */
      readonly kind: "lost";
      /** The operation's name. */
      readonly name: string;
      /** The error of the Get. */
      readonly error: CallError;
    };

/** The operations of one parent as the polls have shown them: those that run, and the names of those that have ended. */
export interface KnownOperations<R, M> {
  /** Takes an operation as a poll shows it; undefined when that is no news. */
  observe(operation: Operation, name?: string): OperationChange<R, M> | undefined;
  /** A List of the parent begins. */
  beginList(): void;
  /** The List is complete. Returns the operations that run and that it did not show. */
  endList(): string[];
  /** Drops an operation that cannot be polled any more. */
  forget(name: string): void;
}

/**
 * Lists that do not show an operation that has ended, after which its name is dropped. A List that lags behind must not make
 * it new again, and the names of a parent that runs for years must not pile up.
 */
const MAX_MISSES = 10;

/** Is told the name and the state of an operation that is seen for the first time, or in another state than before. */
export type OnState = (
  name: string,
  before: { readonly state: "running" } | undefined,
  now: Snapshot<unknown, unknown>,
) => void;

/** Creates the record of one parent. */
export function createKnownOperations<R extends DescMessage, M extends DescMessage>(
  types: OperationTypes<R, M>,
  registry: Registry | undefined,
  onState: OnState,
): KnownOperations<MessageShape<R>, MessageShape<M>> {
  const running = new Map<string, { readonly operation: Operation; readonly list: number }>();
  const endedInList = new Map<string, number>();
  let list = 0;
  return {
    observe: (operation, name = operation.name) => {
      if (name === "") return undefined; // Nothing to poll it by, or to tell it from others by.
      if (endedInList.has(name)) {
        endedInList.set(name, list);
        return undefined; // A terminal state never changes, whatever a List that lags behind shows.
      }
      const before = running.get(name);
      if (before !== undefined && sameOperation(before.operation, operation, registry)) {
        running.set(name, { operation, list });
        return undefined;
      }
      const snapshot = snapshotOf(operation, types, name);
      onState(name, before && { state: "running" }, snapshot);
      if (isOutcome(snapshot)) {
        running.delete(name);
        endedInList.set(name, list);
        return { kind: "ended", snapshot };
      }
      running.set(name, { operation, list });
      return { kind: before === undefined ? "added" : "changed", snapshot };
    },
    beginList: () => {
      list += 1;
    },
    endList: () => {
      for (const [name, lastList] of endedInList) if (list - lastList >= MAX_MISSES) endedInList.delete(name);
      return [...running].filter(([, seen]) => seen.list !== list).map(([name]) => name);
    },
    forget: (name) => {
      running.delete(name);
    },
  };
}
