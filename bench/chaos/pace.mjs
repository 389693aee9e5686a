// SPDX-License-Identifier: Apache-2.0
// How many batches of the chaos run are under way at once: more and more of them, until calls end by their deadline, which is
// too many for the machine.
import { setTimeout as sleep } from "node:timers/promises";

const FIRST_PART = 1 / 8;
/** Added for each batch that ends well, so that it takes some batches of all lanes to reach the most. */
const MORE = 0.25;
const LESS = 0.7;
/** In a batch of 50, two calls may be lost by chance. */
const MAX_LATE = 0.05;
const ASK_AGAIN_MS = 50;

/** Creates the pace of `lanes` at most. */
export function createPace(lanes) {
  let allowed = Math.max(1, lanes * FIRST_PART);
  let active = 0;
  return {
    /** Resolves when one more batch may begin. */
    async enter() {
      while (active + 1 > allowed) await sleep(ASK_AGAIN_MS);
      active += 1;
    },
    /** A batch has ended, of which the part `late` ended by a deadline. */
    leave(late) {
      active -= 1;
      allowed = late > MAX_LATE ? Math.max(1, allowed * LESS) : Math.min(lanes, allowed + MORE);
    },
  };
}
