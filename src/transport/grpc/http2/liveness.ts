// SPDX-License-Identifier: Apache-2.0
import type { Http2Session } from "node:http2";
import { systemClock } from "../../../time/clock.js";
import { startTimer } from "../../../time/timer.js";

/** When PINGs are sent, and how long an answer may take. Shared by the connections of a transport. */
export interface KeepaliveSettings {
  /** Milliseconds of silence before a PING. It doubles when a server finds the PINGs too many (gRFC A8). */
  intervalMs: number;
  readonly timeoutMs: number;
  /** Whether a connection without calls is asked, too. */
  readonly whenIdle: boolean;
}

/** Finds out whether the other end of a connection still lives. */
export interface Keepalive {
  /** Bytes have come: it does. */
  received(): void;
  /** Whether there are calls on the connection. */
  busy(isBusy: boolean): void;
  stop(): void;
}

/** Asks by PING after `intervalMs` of silence, and destroys the session when no answer comes within `timeoutMs`. */
export function createKeepalive(session: Http2Session, settings: KeepaliveSettings): Keepalive {
  if (settings.intervalMs === Number.POSITIVE_INFINITY) {
    return { received: () => {}, busy: () => {}, stop: () => {} };
  }
  let aliveAtMs = systemClock.now();
  let stopTimer = () => {};

  const wait = () => {
    const silentMs = systemClock.now() - aliveAtMs;
    stopTimer();
    stopTimer = startTimer(Math.max(0, settings.intervalMs - silentMs), onInterval, { background: true });
  };
  const onInterval = () => {
    if (systemClock.now() - aliveAtMs < settings.intervalMs) wait();
    else ping();
  };
  const ping = () => {
    if (session.destroyed) return;
    stopTimer = startTimer(settings.timeoutMs, onSilence, { background: true });
    session.ping((error) => {
      // An error says that the session is gone, of which its streams hear by themselves.
      if (error !== null || session.destroyed) return;
      aliveAtMs = systemClock.now();
      wait();
    });
  };
  const onSilence = () => {
    session.destroy(new Error(`no answer to a PING within ${settings.timeoutMs} ms`));
  };

  return {
    received() {
      aliveAtMs = systemClock.now();
    },
    busy(isBusy) {
      if (isBusy || settings.whenIdle) wait();
      else stopTimer();
    },
    stop: () => stopTimer(),
  };
}
