// SPDX-License-Identifier: Apache-2.0
import type { Http2Session } from "node:http2";
import { systemClock } from "../../../time/clock.js";
import { startTimer } from "../../../time/timer.js";

/** How long a connection in doubt may be silent, and then how long the answer to its PING may take, in milliseconds. */
const PATIENCE_MS = 2_000;

/** A connection that was heard of so short a time ago, in milliseconds, is not asked again: servers count PINGs. */
const TRUST_MS = 10_000;

/** Whether a connection still lives, asked after a call on it went without an answer. */
export interface Doubt {
  /** A call was given up. */
  arise(): void;
  /** Bytes have come. */
  received(): void;
  stop(): void;
}

/**
 * Doubts a session whose calls get no answer, and destroys it when a PING gets none either.
 *
 * After a breach of HTTP/2 by the server (DATA before HEADERS, say), Node's session neither reads nor writes any more and
 * tells nobody: without this, every later call on it would end by its deadline. The same goes for a connection that a
 * firewall has dropped without a word. Unlike keepalive it costs nothing while calls are answered, so it is always on.
 */
export function createDoubt(session: Http2Session): Doubt {
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let pingedAtMs = Number.NEGATIVE_INFINITY;
  let stopTimer: (() => void) | undefined;

  const end = () => {
    stopTimer?.();
    stopTimer = undefined;
  };
  const ask = (sinceMs: number) => {
    end();
    if (session.destroyed || heardAtMs >= sinceMs) return;
    stopTimer = startTimer(PATIENCE_MS, () => session.destroy(), { background: true });
    session.ping((error) => {
      if (error === null) pingedAtMs = systemClock.now();
      end();
    });
  };

  return {
    arise() {
      const nowMs = systemClock.now();
      if (stopTimer !== undefined || nowMs - pingedAtMs < TRUST_MS) return;
      stopTimer = startTimer(PATIENCE_MS, () => ask(nowMs), { background: true });
    },
    received() {
      // Looked at only in doubt: no call pays for a look at the clock.
      if (stopTimer !== undefined) heardAtMs = systemClock.now();
    },
    stop: end,
  };
}
