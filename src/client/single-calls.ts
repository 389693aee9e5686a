// SPDX-License-Identifier: Apache-2.0
// The client's single calls as functions of a transport: a bundler leaves out what a program does not call, which it cannot do
// with the methods of an object.
import type { Transport } from "@connectrpc/connect";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { createTopics } from "../observer/observer.js";
import { systemRandom } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import { DEFAULT_RETRY } from "../retry/retry-policy.js";
import { systemClock } from "../time/clock.js";
import { createInvoke } from "./call.js";
import { CALL_OPTION_KEYS, checkOptions, NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { CALL_TIMEOUT_MS, checkTransport } from "./client-options.js";
import { createOperationCalls, type OperationCalls } from "./operation-calls.js";

/**
 * Requests cancellation, as `cancelOperation` of a client with default options does: five attempts while the server is
 * unavailable, within 10 seconds unless `timeoutMs` sets another time. For programs of a browser that only need this: it brings
 * neither handles nor polling into the bundle.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function cancelOperation(
  transport: Transport,
  name: string,
  options: OperationCallOptions = NO_OPTIONS,
): Promise<void> {
  await callsOf("cancelOperation", transport, options).cancel(name, options);
}

/**
 * Polls an operation once, as `getOperation` of a client with default options does. `snapshotOf` reads its state.
 *
 * @throws CallError when the call fails; TypeError for an option that cannot be used
 */
export async function getOperation(
  transport: Transport,
  name: string,
  options: OperationCallOptions = NO_OPTIONS,
): Promise<Operation> {
  return (await callsOf("getOperation", transport, options).get(name, options)).operation;
}

const callsByTransport = new WeakMap<Transport, OperationCalls>();

/** The two are methods of Operations, which may be sent twice. */
const findPolicy: FindPolicy = () => ({ retry: DEFAULT_RETRY, timeoutMs: undefined });

function callsOf(owner: string, transport: Transport, options: OperationCallOptions): OperationCalls {
  checkTransport(owner, transport);
  checkOptions(owner, options, CALL_OPTION_KEYS);
  let calls = callsByTransport.get(transport);
  if (calls === undefined) {
    const defaults = {
      findPolicy,
      timeoutMs: CALL_TIMEOUT_MS,
      registry: undefined,
      topics: createTopics(undefined),
    };
    const invoke = createInvoke({ transport, clock: systemClock, random: systemRandom, ...defaults });
    calls = createOperationCalls(invoke, "describe" in transport);
    callsByTransport.set(transport, calls);
  }
  return calls;
}
