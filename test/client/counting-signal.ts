// SPDX-License-Identifier: Apache-2.0

/** A signal that tells how many listeners it has. */
export interface CountingSignal {
  readonly signal: AbortSignal;
  readonly listeners: number;
  abort(reason?: unknown): void;
}

/** Creates a signal whose listeners are counted, those that ran and had to run once left out. */
export function createCountingSignal(): CountingSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const wrappers = new Map<unknown, (event: Event) => void>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions | boolean,
  ) => {
    const once = typeof options === "object" && options.once === true;
    const wrapper = (event: Event) => {
      if (once) wrappers.delete(listener);
      if (typeof listener === "function") listener.call(signal, event);
      else listener.handleEvent(event);
    };
    wrappers.set(listener, wrapper);
    add(type, wrapper, options);
  };
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    const wrapper = wrappers.get(listener);
    wrappers.delete(listener);
    if (wrapper !== undefined) remove(type, wrapper);
  };
  return {
    signal,
    get listeners() {
      return wrappers.size;
    },
    abort: (reason) => controller.abort(reason),
  };
}
