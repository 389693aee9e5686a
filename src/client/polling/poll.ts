// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape, Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { isCallError } from "../../errors/call-error.js";
import type { LookAnswer, OperationCalls } from "../operation-calls.js";
import type { OperationTypes } from "../operation-types.js";
import { snapshotOf } from "../snapshot.js";
import type { Look } from "./poll-loop.js";

/** What a client has found out about its server's WaitOperation: shared by all its handles. */
export interface ServerWait {
  missing: boolean;
}

/** What the looks at one operation are made with. */
export interface LookOptions<R extends DescMessage, M extends DescMessage> {
  readonly calls: OperationCalls;
  readonly name: string;
  readonly types: OperationTypes<R, M>;
  readonly registry: Registry | undefined;
  /** Undefined looks with GetOperation only. */
  readonly serverWait: ServerWait | undefined;
}

/** The longest that a server is asked to hold an answer back, in milliseconds: proxies cut idle calls after a minute. */
const LONGEST_SERVER_WAIT_MS = 30_000;

/**
 * Makes the looks of a poll loop: with WaitOperation where that is asked for and the server has it, with GetOperation
 * otherwise. `UNIMPLEMENTED`, from the server or from a transport without a binding, is found out once.
 */
export function createLook<R extends DescMessage, M extends DescMessage>(options: LookOptions<R, M>) {
  const { calls, name, types, registry, serverWait } = options;
  const lookOf = (
    { operation, header }: LookAnswer,
    waited: boolean,
  ): Look<MessageShape<R>, MessageShape<M>> => ({
    snapshot: snapshotOf(operation, types),
    header,
    waited,
  });
  return async (signal: AbortSignal, atMostMs: number) => {
    if (serverWait !== undefined && !serverWait.missing) {
      const waitMs = Math.min(LONGEST_SERVER_WAIT_MS, atMostMs);
      try {
        return lookOf(await calls.wait(name, waitMs, { signal }, { registry, atMostMs }), true);
      } catch (error) {
        if (!isCallError(error) || error.code !== Code.Unimplemented) throw error;
        serverWait.missing = true;
      }
    }
    return lookOf(await calls.get(name, { signal }, { registry, atMostMs }), false);
  };
}
