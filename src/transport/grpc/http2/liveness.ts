// SPDX-License-Identifier: Apache-2.0
import { systemClock } from "../../../time/clock.js";
import { startTimer } from "../../../time/timer.js";

/** When PINGs are sent, and how long a PING may stay without a response. Shared by the connections of a transport. */
export interface KeepaliveSettings {
  /** Milliseconds of silence before a PING. It doubles when a server finds the PINGs too many (gRFC A8). */
  intervalMs: number;
  readonly timeoutMs: number;
  /** Whether a connection without calls is checked, too. */
  readonly whenIdle: boolean;
}

/** As much of a connection as PINGs need. */
export interface Probed {
  /** When bytes of a response last came, by the system's clock; before that, when the connection was opened. */
  receivedAtMs: number;
  isGone(): boolean;
  /** Sends a PING; `onReturn` gets an error when the connection ended first. */
  ping(onReturn: (error: Error | null) => void): void;
  destroy(error?: Error): void;
}

/** Finds out whether the other end of a connection still lives. */
export interface Keepalive {
  /** Whether there are calls on the connection. */
  busy(isBusy: boolean): void;
  stop(): void;
}

/** Sends a PING after `intervalMs` of silence, and destroys the connection when none comes back within `timeoutMs`. */
export function createKeepalive(connection: Probed, settings: KeepaliveSettings): Keepalive {
  if (settings.intervalMs === Number.POSITIVE_INFINITY) {
    return { busy: () => {}, stop: () => {} };
  }
  let stopTimer = () => {};

  const wait = () => {
    const silentMs = systemClock.now() - connection.receivedAtMs;
    stopTimer();
    stopTimer = startTimer(Math.max(0, settings.intervalMs - silentMs), onInterval, { background: true });
  };
  const onInterval = () => {
    if (systemClock.now() - connection.receivedAtMs < settings.intervalMs) wait();
    else ping();
  };
  const ping = () => {
    if (connection.isGone()) return;
    stopTimer = startTimer(settings.timeoutMs, onSilence, { background: true });
    connection.ping((error) => {
      // An error says that the connection is gone, which its streams learn by themselves.
      if (error !== null || connection.isGone()) return;
      connection.receivedAtMs = systemClock.now();
      wait();
    });
  };
  const onSilence = () => {
    connection.destroy(new Error(`no response to a PING within ${settings.timeoutMs} ms`));
  };

  return {
    busy(isBusy) {
      if (isBusy || settings.whenIdle) wait();
      else stopTimer();
    },
    stop: () => stopTimer(),
  };
}

/** How long a connection may be silent after a call was given up, and then how long its PING may take, in milliseconds. */
const PATIENCE_MS = 2_000;

/** A connection that returned a PING so short a time ago, in milliseconds, is not probed again: servers count PINGs. */
const TRUST_MS = 10_000;

/** Checks a connection after a call on it was given up. */
export interface StallProbe {
  /** A call was given up. */
  start(): void;
  stop(): void;
}

/**
 * Probes a connection whose calls get no response, and destroys it when a PING gets none either.
 *
 * After a breach of HTTP/2 by the server (DATA before HEADERS, say), the session of an older Node neither reads nor writes
 * any more and reports nothing (docs/upstream.md): without this, every later call on it would end by its deadline. The same goes for a
 * connection that a firewall has dropped silently. Unlike keepalive it costs nothing while calls get responses, so it is
 * always on.
 */
export function createStallProbe(connection: Probed): StallProbe {
  let returnedAtMs = Number.NEGATIVE_INFINITY;
  let stopTimer: (() => void) | undefined;

  const stop = () => {
    stopTimer?.();
    stopTimer = undefined;
  };
  const ping = (sinceMs: number) => {
    stop();
    if (connection.isGone() || connection.receivedAtMs >= sinceMs) return;
    stopTimer = startTimer(PATIENCE_MS, () => connection.destroy(), { background: true });
    connection.ping((error) => {
      if (error === null) returnedAtMs = systemClock.now();
      stop();
    });
  };

  return {
    start() {
      const nowMs = systemClock.now();
      if (stopTimer !== undefined || nowMs - returnedAtMs < TRUST_MS) return;
      stopTimer = startTimer(PATIENCE_MS, () => ping(nowMs), { background: true });
    },
    stop,
  };
}
