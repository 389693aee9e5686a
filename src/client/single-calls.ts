// SPDX-License-Identifier: Apache-2.0
// The client's single calls as functions of a transport: a bundler leaves out what a program does not call, which it cannot do
// with the methods of an object.
import type { Transport } from "@connectrpc/connect";
import { beginPublishedCall } from "#diagnostics-channels";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { systemRandom } from "../retry/backoff.js";
import type { FindPolicy } from "../retry/method-policy.js";
import { DEFAULT_RETRY } from "../retry/retry-policy.js";
import { systemClock } from "../time/clock.js";
import { createInvoke } from "./call.js";
import { CALL_CHECKS, NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { CALL_TIMEOUT_MS, checkTransport } from "./client-options.js";
import { type CallSettings, cancelByName, createCallSettings, getByName } from "./operation-calls.js";
import { checkOptions } from "./option-checks.js";

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
  await cancelByName(settingsOf("cancelOperation", transport, options), name, options);
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
  return (await getByName(settingsOf("getOperation", transport, options), name, options)).operation;
}

const settingsByTransport = new WeakMap<Transport, CallSettings>();

/** The two are methods of Operations, which may be sent twice. */
const findPolicy: FindPolicy = () => ({ retry: DEFAULT_RETRY, timeoutMs: undefined });

function settingsOf(owner: string, transport: Transport, options: OperationCallOptions): CallSettings {
  checkTransport(owner, transport);
  if (options !== NO_OPTIONS) checkOptions(owner, options, CALL_CHECKS);
  let settings = settingsByTransport.get(transport);
  if (settings === undefined) {
    const invoke = createInvoke({
      transport,
      findPolicy,
      timeoutMs: CALL_TIMEOUT_MS,
      registry: undefined,
      beginCall: beginPublishedCall,
      clock: systemClock,
      random: systemRandom,
    });
    settings = createCallSettings(invoke, "describe" in transport);
    settingsByTransport.set(transport, settings);
  }
  return settings;
}
