// SPDX-License-Identifier: Apache-2.0

const none = { hasSubscribers: false, publish: (_event: unknown): void => undefined };

/** Replaces Node's diagnostics channels in browsers and workers, which have none. */
export const channels = {
  call: none,
  attempt: none,
  wait: none,
  poll: none,
  state: none,
  transientError: none,
  request: none,
};
