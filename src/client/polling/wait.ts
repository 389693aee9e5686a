// SPDX-License-Identifier: Apache-2.0

import { isOutcome, type Outcome } from "../snapshot.js";
import type { PollLoop } from "./poll-loop.js";
import { type FollowLimits, follow } from "./subscribe.js";

/** Looks until the operation has ended. An end that is known already is answered without a look. */
export function waitForOutcome<R, M>(loop: PollLoop<R, M>, limits: FollowLimits): Promise<Outcome<R, M>> {
  if (loop.known !== undefined && isOutcome(loop.known)) return Promise.resolve(loop.known);
  return new Promise((resolve, reject) => {
    const leave = follow<R, M>(loop, limits, {
      onLook: (snapshot) => {
        if (!isOutcome(snapshot)) return;
        leave();
        resolve(snapshot);
      },
      onEnd: reject,
    });
  });
}
