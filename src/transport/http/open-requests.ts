// SPDX-License-Identifier: Apache-2.0
import { closedError } from "./errors.js";

/** The requests of an engine that are under way. */
export interface OpenRequests {
  /** One more. @throws HttpError "closed" once the engine takes none any more */
  begin(): void;
  /** One of them has ended. */
  end(): void;
  /** Takes no more, and resolves when none is left. */
  close(): Promise<void>;
}

/** Counts requests, so that closing an engine lets those under way end. */
export function countRequests(): OpenRequests {
  let open = 0;
  let onIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  return {
    begin: () => {
      if (closing !== undefined) throw closedError();
      open += 1;
    },
    end: () => {
      open -= 1;
      if (open === 0) onIdle?.();
    },
    close: () => {
      closing ??= new Promise((resolve) => {
        onIdle = resolve;
        if (open === 0) resolve();
      });
      return closing;
    },
  };
}
