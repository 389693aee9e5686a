// SPDX-License-Identifier: Apache-2.0

import { isOutcome, type Outcome } from "../snapshot.js";
import type { PollLoop } from "./poll-loop.js";
import { subscribe } from "./subscribe.js";
import type { WaitLimits } from "./wait-limits.js";

/** Polls until the operation has ended. An end that is known already is returned without a poll. */
export function waitForOutcome<R, M>(loop: PollLoop<R, M>, limits: WaitLimits): Promise<Outcome<R, M>> {
  if (loop.known !== undefined && isOutcome(loop.known)) return Promise.resolve(loop.known);
  return new Promise((resolve, reject) => {
    const subscription = subscribe<R, M>(loop, limits, {
      onUpdate: (snapshot) => {
        if (!isOutcome(snapshot)) return;
        subscription.unsubscribe();
        resolve(snapshot);
      },
      onEnd: reject,
    });
  });
}
