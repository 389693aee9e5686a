// SPDX-License-Identifier: Apache-2.0
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { invalidOption } from "../../errors/options.js";
import type { ListOperationsOptions } from "../operation-list.js";

/** Names of operations: any iterable of them, or the list that has them. */
export type OperationNames = Iterable<string> | AsyncIterable<string> | ListOperationsOptions;

/** Names, one after the other. */
export interface NameSource {
  readonly names: Iterator<string> | AsyncIterator<string>;
  /** All names are in memory already, so that those left over can be reported. */
  readonly isComplete: boolean;
}

/** Reads names from an iterable, or those of a list request that are not done. */
export function nameSourceOf(
  owner: string,
  given: OperationNames,
  list: (request: ListOperationsOptions) => AsyncIterable<Operation>,
): NameSource {
  // A string is an iterable of its characters.
  if (typeof given !== "object" || given === null) {
    throw invalidOption(
      `${owner}: invalid names (expected an iterable of names or a list request, also for one name)`,
    );
  }
  if (Symbol.asyncIterator in given) return { names: given[Symbol.asyncIterator](), isComplete: false };
  if (Symbol.iterator in given) {
    return { names: given[Symbol.iterator](), isComplete: "length" in given || "size" in given };
  }
  return { names: namesOf(list(given)), isComplete: false };
}

async function* namesOf(operations: AsyncIterable<Operation>): AsyncGenerator<string, void> {
  for await (const operation of operations) if (!operation.done) yield operation.name;
}
