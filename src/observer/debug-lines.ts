// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../errors/call-error.js";
import { printable } from "../errors/sent-secrets.js";
import { codeName } from "../names/code-name.js";
import { shortNameOf } from "../names/method-name.js";
import { shorten } from "../names/shorten.js";
import type { AttemptEvent, PausedBy, PollEvent, RequestEvent, StateEvent, WaitEvent } from "./events.js";

/** Longest quote of a server's text. */
const MAX_TEXT = 512;

/** One line for each event that has something to say to a person; without secrets and control characters. */
export const debugLines = {
  request: ({ verb, url, durationMs, error }: RequestEvent) =>
    printable(`${verb} ${url}: ${statusOf(error)} after ${ms(durationMs)}`),
  attempt: (event: AttemptEvent) => {
    if (event.phase === "start") return undefined;
    const { call, attempt, durationMs, error, retryInMs, pausedBy } = event;
    const subject = [
      shortNameOf(call.method),
      ...(call.operationName === undefined ? [] : [call.operationName]),
    ];
    const what = `${subject.join(" ")}: attempt ${attempt} ${statusOf(error)} after ${ms(durationMs)}`;
    return printable(`${what}${messageOf(error)}${pauseText("next attempt", retryInMs, pausedBy)}`);
  },
  poll: ({ operationName, poll, durationMs, state, error, pauseMs, pausedBy }: PollEvent) =>
    printable(
      `${operationName === "" ? "ListOperations" : operationName}: poll ${poll} ${state ?? statusOf(error)} after ${ms(durationMs)}` +
        `${pauseText("next poll", pauseMs, pausedBy)}`,
    ),
  state: ({ operationName, from, to }: StateEvent) =>
    printable(`${operationName}: ${from === undefined ? "" : `${from} -> `}${to}`),
  wait: (event: WaitEvent) => {
    const { kind, operationName } = event.wait;
    if (event.phase === "start") return printable(`${operationName}: ${kind} begins`);
    const { outcome, durationMs, polls } = event;
    return printable(`${operationName}: ${kind} ended, ${outcome}, after ${ms(durationMs)}, polls: ${polls}`);
  },
} as const;

/** Kinds of events with a line. */
export type DebugTopic = keyof typeof debugLines;

/** All of them. */
export const DEBUG_TOPICS: readonly DebugTopic[] = ["request", "attempt", "poll", "state", "wait"];

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}

function statusOf(error: CallError | undefined): string {
  if (error === undefined) return "OK";
  const http = error.httpStatus === undefined ? "" : ` (HTTP ${error.httpStatus})`;
  return `${codeName(error.code)}${http}`;
}

function messageOf(error: CallError | undefined): string {
  const text = error?.status.message ?? "";
  return text === "" ? "" : `: ${shorten(text, MAX_TEXT)}`;
}

function pauseText(what: string, pauseMs: number | undefined, pausedBy: PausedBy | undefined): string {
  if (pauseMs === undefined) return "";
  return `; ${what} in ${ms(pauseMs)} (${pausedBy === "server" ? "as the server asks" : "backoff"})`;
}
