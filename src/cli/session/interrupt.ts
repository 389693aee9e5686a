// SPDX-License-Identifier: Apache-2.0
import { type CallError, isCallError } from "../../index.js";
import { EXIT } from "../exit-status.js";
import type { ProcessContext, SignalName } from "../process.js";

/** Ctrl-C or another signal that asks the process to end. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit status for that signal. */
  readonly status: number;
  /** Restores the process's default handling. */
  release(): void;
}

const STATUS: Readonly<Record<SignalName, number>> = {
  SIGINT: EXIT.interrupted,
  SIGBREAK: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
};

/** The first signal ends the command gracefully; the second one ends the process. */
export function watchInterrupt({ onSignal, exit }: ProcessContext): Interrupt {
  const controller = new AbortController();
  let status: number = EXIT.interrupted;
  const listen = (name: SignalName) =>
    onSignal(name, () => {
      if (controller.signal.aborted) exit(status);
      status = STATUS[name];
      controller.abort();
    });
  const releases = [listen("SIGINT"), listen("SIGBREAK"), listen("SIGTERM"), listen("SIGHUP")];
  return {
    signal: controller.signal,
    get status() {
      return status;
    },
    release: () => {
      for (const release of releases) release();
    },
  };
}

/** Whether a call or wait ended because the command was interrupted, rather than by its response. */
export function isAborted(error: unknown): error is CallError {
  return isCallError(error) && error.reason === "aborted-by-caller";
}
