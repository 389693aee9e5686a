// SPDX-License-Identifier: Apache-2.0
import { isCallError } from "../../errors/is-call-error.js";
import { redactError } from "../../errors/redaction.js";
import { redactSecrets, sentForms } from "../../errors/sent-secrets.js";
import { eventError } from "../../observer/event-error.js";
import type { ObservedWait, WaitOutcome } from "../../observer/events.js";
import { isOutcome, type Outcome, type Snapshot } from "../snapshot.js";
import { WaitTimeoutError } from "../wait-timeout-error.js";
import type { PollLoop } from "./poll-loop.js";

/** Runs a wait, and emits its beginning and its end where somebody listens. */
export function observeWait<R, M>(
  loop: PollLoop<R, M>,
  kind: ObservedWait["kind"],
  run: () => Promise<Outcome<R, M>>,
): Promise<Outcome<R, M>> {
  return isWaitObserved(loop) ? runObserved(loop, kind, run) : run();
}

async function runObserved<R, M>(
  loop: PollLoop<R, M>,
  kind: ObservedWait["kind"],
  run: () => Promise<Outcome<R, M>>,
): Promise<Outcome<R, M>> {
  const end = beginWait(loop, kind);
  try {
    const outcome = await run();
    end(outcome.state);
    return outcome;
  } catch (error) {
    end(outcomeOf(error), error);
    throw error;
  }
}

/** Whether anybody listens to waits. */
export function isWaitObserved<R, M>({ options }: PollLoop<R, M>): boolean {
  return options.topics.wait.hasListeners();
}

/**
 * A watch that emits its beginning with the first `next()`, and its end once: with the terminal snapshot, with an error, or
 * when the reader leaves.
 */
export function observeWatch<R, M>(
  loop: PollLoop<R, M>,
  changes: AsyncIterableIterator<Snapshot<R, M>>,
): AsyncIterableIterator<Snapshot<R, M>> {
  let end: EndWait | undefined;
  let isEnded = false;
  const endOnce: EndWait = (outcome, error) => {
    if (!isEnded) end?.(outcome, error);
    isEnded = true;
  };
  return {
    next: async () => {
      if (!isEnded) end ??= beginWait(loop, "watch");
      try {
        const result = await changes.next();
        if (result.done === true) endOnce("left");
        else if (isOutcome(result.value)) endOnce(result.value.state);
        return result;
      } catch (error) {
        endOnce(outcomeOf(error), error);
        throw error;
      }
    },
    return: async () => {
      endOnce("left");
      await changes.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

type EndWait = (outcome: WaitOutcome, error?: unknown) => void;

function beginWait<R, M>(loop: PollLoop<R, M>, kind: ObservedWait["kind"]): EndWait {
  const { topics, clock, operationName, handle } = loop.options;
  const wait: ObservedWait = { kind, operationName: redactSecrets(operationName), handle };
  const startMs = clock.now();
  const pollsBefore = loop.polls;
  topics.wait.emit({ phase: "start", wait });
  return (outcome, thrown) => {
    const durationMs = clock.now() - startMs;
    const error = isCallError(thrown) ? eventError(thrown) : asError(thrown);
    topics.wait.emit({
      phase: "end",
      wait,
      durationMs,
      polls: loop.polls - pollsBefore,
      outcome,
      error,
    });
  };
}

/** A `WaitTimeoutError`, or what a program's own `onTransientError` has thrown. */
function asError(thrown: unknown): Error | undefined {
  return thrown instanceof Error ? redactError(thrown, sentForms()) : undefined;
}

function outcomeOf(error: unknown): WaitOutcome {
  if (error instanceof WaitTimeoutError) return "timeout";
  return isCallError(error) && error.reason === "aborted-by-caller" ? "aborted" : "error";
}
