// SPDX-License-Identifier: Apache-2.0
import type { AdManagerClient } from "../../admanager.js";
import type { OperationHandle, OperationsClient, RestTransport } from "../../index.js";
import type { TypedFlags } from "../arguments/settings.js";
import type { CallPlace } from "../output/advice.js";

/** The client of the commands. Its methods also accept full names. */
type Calls = Pick<
  OperationsClient,
  | "cancelOperations"
  | "getOperation"
  | "listOperations"
  | "deleteOperation"
  | "waitOperations"
  | "watchOperations"
> & { operation(name: string): OperationHandle<unknown, unknown> };

/** The API that a command calls. */
export interface Target {
  readonly client: Calls;
  /** The client for reports; `undefined` unless the API is Ad Manager. */
  readonly adManager: AdManagerClient | undefined;
  /** The request that would be sent over REST. */
  readonly rest: Pick<RestTransport, "describe"> | undefined;
  readonly place: CallPlace;
  /** The typed flags, with the API selected by a full name, so that a suggested command can use plain names. */
  readonly typed: TypedFlags;
  close(): Promise<void>;
}
