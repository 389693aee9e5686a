// SPDX-License-Identifier: Apache-2.0

/** One kind of event. An event is made only while somebody listens. */
export interface Topic<E> {
  hasListeners(): boolean;
  emit(event: E): void;
}

/** A diagnostics channel, as far as it is used here. */
export interface Channel<E> {
  readonly hasSubscribers: boolean;
  publish(event: E): void;
}

/** Calls a function of the program's. What it throws, or rejects with if it is async, which no type forbids, goes to `take`. */
export function callGuarded(call: () => unknown, take: (thrown: unknown) => void): void {
  try {
    const done = call();
    if (typeof done === "object" && done !== null && "then" in done) Promise.resolve(done).catch(take);
  } catch (thrown) {
    take(thrown);
  }
}

/** The topic of a channel and, where there is one, of an observer's function. */
export function topicOf<E>(channel: Channel<E>, listener?: (event: E) => void): Topic<E> {
  if (listener === undefined) {
    return {
      hasListeners: () => channel.hasSubscribers,
      emit: (event) => channel.publish(event),
    };
  }
  return {
    hasListeners: () => true,
    emit: (event) => {
      channel.publish(event);
      // Documented: an observer does not change what it observes, by what it throws or rejects with.
      callGuarded(
        () => listener(event),
        () => undefined,
      );
    },
  };
}
