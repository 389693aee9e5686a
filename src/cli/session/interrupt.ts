// SPDX-License-Identifier: Apache-2.0
import { EXIT } from "../exit-status.js";
import type { ProcessContext, SignalName } from "../process.js";

/** Ctrl-C, or another signal that asks a process to end, as a command sees it. */
export interface Interrupt {
  /** Aborts with the first of them. */
  readonly signal: AbortSignal;
  /** What the process then ends with. */
  readonly status: number;
  /** Leaves the signals to the process again. */
  release(): void;
}

const STATUS: Readonly<Record<SignalName, number>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
};

/** The first signal lets the command end in order; the second one ends the process. */
export function watchInterrupt({ onSignal, exit }: ProcessContext): Interrupt {
  const controller = new AbortController();
  let status: number = EXIT.interrupted;
  const listen = (name: SignalName) =>
    onSignal(name, () => {
      if (controller.signal.aborted) exit(status);
      status = STATUS[name];
      controller.abort();
    });
  const releases = [listen("SIGINT"), listen("SIGTERM"), listen("SIGHUP")];
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
