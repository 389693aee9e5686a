// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { OperationCallOptions, OperationHandle, OperationsClient, RestTransport } from "../../index.js";
import type { Settings, TypedFlags } from "../arguments/settings.js";
import type { CallPlace } from "../output/advice.js";
import { UsageError } from "../usage-error.js";
import { chooseApi } from "./choose-api.js";

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

/** Makes the client that the settings and the names that were typed ask for. @throws UsageError */
export async function openTarget(settings: Settings, names: readonly string[]): Promise<Target> {
  const { endpoint, transport, region } = settings.request;
  const chosen = chooseApi(settings.request, names);
  // Of a server of one's own more is known than of Google's: it may speak gRPC where the API does not.
  const isElsewhere = endpoint !== undefined && transport?.value === "grpc";
  if (chosen !== undefined && (!isElsewhere || chosen.api.versions.some(({ grpc }) => grpc))) {
    const { openKnownApi } = await import("./known-api.js");
    return openKnownApi(settings, chosen);
  }
  if (region?.origin === "typed") {
    throw new UsageError(
      `--region: is for Google's APIs (got ${region.value}; expected --api NAME beside it)`,
    );
  }
  const { openOtherApi } = await import("./other-api.js");
  return openOtherApi(settings, names);
}
