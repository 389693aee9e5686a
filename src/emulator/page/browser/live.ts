// SPDX-License-Identifier: Apache-2.0
import { ApiError, readEvents } from "./api.js";
import type { Update } from "./state.js";

/** How the connection is. */
export type ConnectionState = "connecting" | "live" | "paused" | "lost" | "denied";

/** What to do with what comes. */
export interface LiveListener {
  onUpdate(update: Update): void;
  onState(state: ConnectionState, problem?: string): void;
  /** The emulator asks for its token. */
  onTokenNeeded(): void;
}

const RETRY_MS = 1_000;

/**
 * Keeps a stream of updates open while the page is seen: a hidden one takes none of the few connections that a browser
 * has for a host. Each connection begins with everything there is.
 */
export function startLive({ onUpdate, onState, onTokenNeeded }: LiveListener) {
  let current: AbortController | undefined;
  let isPaused = false;

  const run = async (connection: AbortController) => {
    while (current === connection) {
      try {
        await readEvents(
          "/events",
          (data) => {
            if (current !== connection) return;
            onState("live");
            onUpdate(data as Update); // what the control API's document says
          },
          connection.signal,
        );
      } catch (error) {
        if (current !== connection) return;
        if (error instanceof ApiError) {
          current = undefined;
          if (error.status === 401) onTokenNeeded();
          onState("denied", error.message);
          return;
        }
      }
      if (current === connection) onState("lost");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  const restart = () => {
    current?.abort();
    current = undefined;
    if (isPaused) {
      onState("paused");
      return;
    }
    if (document.hidden) return;
    current = new AbortController();
    void run(current);
  };
  document.addEventListener("visibilitychange", restart);
  restart();
  return {
    restart,
    setPaused: (paused: boolean) => {
      isPaused = paused;
      restart();
    },
  };
}
