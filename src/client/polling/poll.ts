// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape, Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { isCallError } from "../../errors/is-call-error.js";
import type { ObservedHandle } from "../../observer/events.js";
import type { Clock } from "../../time/clock.js";
import type { OperationCalls, PolledOperation } from "../operation-calls.js";
import type { OperationTypes } from "../operation-types.js";
import { snapshotOf } from "../snapshot.js";
import type { PollBudget } from "./poll-budget.js";
import type { Poll } from "./poll-loop.js";

/** What a client has found out about its server's WaitOperation: shared by all its handles. */
export interface ServerWait {
  missing: boolean;
}

/** What one operation is polled with. */
export interface CreatePollOptions<R extends DescMessage, M extends DescMessage> {
  readonly calls: OperationCalls;
  readonly name: string;
  readonly types: OperationTypes<R, M>;
  readonly registry: Registry | undefined;
  /** Undefined polls with GetOperation only. */
  readonly serverWait: ServerWait | undefined;
  /** Undefined for a client without a bound on its polls. */
  readonly budget: PollBudget | undefined;
  readonly clock: Clock;
  readonly handle: ObservedHandle;
}

/** How long a server may be asked to hold a response back, in milliseconds: proxies end idle calls after a minute. */
const MAX_SERVER_WAIT_MS = 30_000;

/**
 * Creates the poll of a poll loop: WaitOperation where that is asked for and the server has it, GetOperation otherwise.
 * `UNIMPLEMENTED`, from the server or from a transport without a binding, is found out once.
 */
export function createPoll<R extends DescMessage, M extends DescMessage>(
  options: CreatePollOptions<R, M>,
): (signal: AbortSignal, atMostMs: number) => Promise<Poll<MessageShape<R>, MessageShape<M>>> {
  return (signal, maxMs) => poll(options, signal, maxMs);
}

async function poll<R extends DescMessage, M extends DescMessage>(
  options: CreatePollOptions<R, M>,
  signal: AbortSignal,
  maxMs: number,
): Promise<Poll<MessageShape<R>, MessageShape<M>>> {
  const { calls, name, registry, serverWait, budget, handle } = options;
  const atMostMs = budget === undefined ? maxMs : await turnOf(budget, options, signal, maxMs);
  if (serverWait !== undefined && !serverWait.missing) {
    const waitMs = Math.min(MAX_SERVER_WAIT_MS, atMostMs);
    try {
      const polled = await calls.wait(name, waitMs, { signal }, { registry, atMostMs, handle });
      return pollOf(options, polled, true);
    } catch (error) {
      if (!isCallError(error) || error.code !== Code.Unimplemented) throw error;
      serverWait.missing = true;
    }
  }
  return pollOf(options, await calls.get(name, { signal }, { registry, atMostMs, handle }), false);
}

/** Waits for a turn of the budget, and returns the time that is left then. */
async function turnOf(
  budget: PollBudget,
  { clock }: { readonly clock: Clock },
  signal: AbortSignal,
  maxMs: number,
): Promise<number> {
  const startMs = clock.now();
  await budget.enter(signal);
  return Math.max(1, maxMs - (clock.now() - startMs));
}

function pollOf<R extends DescMessage, M extends DescMessage>(
  { types, name }: CreatePollOptions<R, M>,
  { operation, header }: PolledOperation,
  waited: boolean,
): Poll<MessageShape<R>, MessageShape<M>> {
  return { snapshot: snapshotOf(operation, types, name), header, waited };
}
