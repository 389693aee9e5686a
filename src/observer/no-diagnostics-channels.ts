// SPDX-License-Identifier: Apache-2.0
import type { BeginCall } from "./observed-call.js";
import type { BeginRequest } from "./observed-request.js";

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

/** Nobody can subscribe. */
export const beginPublishedCall: BeginCall = () => undefined;

/** Nobody can subscribe. */
export const beginPublishedRequest: BeginRequest = () => undefined;
