// SPDX-License-Identifier: Apache-2.0
import { EXIT } from "./exit-status.js";
import type { Surroundings } from "./surroundings.js";

/** Ctrl-C, as a command sees it. */
export interface Interrupt {
  /** Aborts with the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gives the keyboard back. */
  release(): void;
}

/** The first Ctrl-C lets the command end in order; the second one ends the process. */
export function watchInterrupt(surroundings: Surroundings): Interrupt {
  const controller = new AbortController();
  const release = surroundings.onSignal("SIGINT", () => {
    if (controller.signal.aborted) surroundings.exit(EXIT.interrupted);
    controller.abort();
  });
  return { signal: controller.signal, release };
}
