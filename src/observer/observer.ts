// SPDX-License-Identifier: Apache-2.0
import { channels } from "#diagnostics-channels";
import { checkObject, invalidOption, rejectUnknownKeys } from "../errors/options.js";
import type {
  AttemptEvent,
  CallEvent,
  PollEvent,
  StateEvent,
  TransientErrorEvent,
  WaitEvent,
} from "./events.js";
import { type Topic, topicOf } from "./topic.js";

/**
 * Is told what a client does, as it happens: for metrics, traces, a log, a progress line. Each function is called
 * synchronously and must be quick; what it throws or rejects with is dropped, since watching a call must not change how it ends.
 *
 * In Node, the same events are published to the channels `longrunning:call`, `longrunning:attempt`, `longrunning:wait`,
 * `longrunning:poll`, `longrunning:state` and `longrunning:transient-error` of `node:diagnostics_channel`.
 */
export interface Observer {
  /** A call begins, or has ended. @default none */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
  /** An attempt of a call begins, or has ended. @default none */
  readonly onAttempt?: ((event: AttemptEvent) => void) | undefined;
  /** A wait begins, or has ended. @default none */
  readonly onWait?: ((event: WaitEvent) => void) | undefined;
  /** A poll has ended, well or not. @default none */
  readonly onPoll?: ((event: PollEvent) => void) | undefined;
  /** An operation is in another state than before. @default none */
  readonly onState?: ((event: StateEvent) => void) | undefined;
  /** A poll has failed, and the wait goes on. @default none */
  readonly onTransientError?: ((event: TransientErrorEvent) => void) | undefined;
}

const OBSERVER_KEYS = {
  onCall: true,
  onAttempt: true,
  onWait: true,
  onPoll: true,
  onState: true,
  onTransientError: true,
} as const satisfies Record<keyof Observer, true>;

/** The topics of one client. */
export interface Topics {
  readonly call: Topic<CallEvent>;
  readonly attempt: Topic<AttemptEvent>;
  readonly wait: Topic<WaitEvent>;
  readonly poll: Topic<PollEvent>;
  readonly state: Topic<StateEvent>;
  readonly transientError: Topic<TransientErrorEvent>;
}

/** Creates the topics of a client: its observer, and the diagnostics channels. */
export function createTopics(observer: Observer = {}): Topics {
  return {
    call: topicOf(channels.call, observer.onCall?.bind(observer)),
    attempt: topicOf(channels.attempt, observer.onAttempt?.bind(observer)),
    wait: topicOf(channels.wait, observer.onWait?.bind(observer)),
    poll: topicOf(channels.poll, observer.onPoll?.bind(observer)),
    state: topicOf(channels.state, observer.onState?.bind(observer)),
    transientError: topicOf(channels.transientError, observer.onTransientError?.bind(observer)),
  };
}

/** Rejects what is no observer: one with a misspelt function would hear nothing. */
export function checkObserver(owner: string, observer: unknown): void {
  if (observer === undefined) return;
  checkObject(`${owner}: observer`, observer);
  // An object of a class may have fields of its own.
  if (Object.getPrototypeOf(observer) === Object.prototype)
    rejectUnknownKeys(`${owner}: observer`, observer, OBSERVER_KEYS);
  for (const name of Object.keys(OBSERVER_KEYS)) {
    const listener: unknown = Reflect.get(observer, name);
    if (listener === undefined || typeof listener === "function") continue;
    throw invalidOption(
      `${owner}: observer.${name}: invalid value (got ${typeof listener}; expected a function)`,
    );
  }
}
