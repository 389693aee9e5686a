// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { OperationCallOptions, OperationHandle, OperationsClient, RestTransport } from "../../index.js";
import type { TypedFlags } from "../arguments/settings.js";
import type { CallPlace } from "../output/advice.js";

/** The calls of the commands. Each takes full names, too. */
type Calls = Pick<
  OperationsClient,
  "cancelOperations" | "getOperation" | "listOperations" | "deleteOperation"
> & { operation(name: string): OperationHandle<unknown, unknown> };

/** The API that a command speaks to. */
export interface Target {
  readonly client: Calls;
  /** Starts a run of a report; `undefined` unless the API is Ad Manager. */
  readonly runReport:
    | ((name: string, options: OperationCallOptions) => Promise<OperationHandle<unknown, unknown>>)
    | undefined;
  /** Shows what would be sent over REST. */
  readonly rest: Pick<RestTransport, "describe"> | undefined;
  /** Types that operations and errors may carry. */
  readonly registry: Registry;
  readonly place: CallPlace;
  /** What was typed, with the API that a full name chose: a later command may have plain names. */
  readonly typed: TypedFlags;
  close(): Promise<void>;
}
