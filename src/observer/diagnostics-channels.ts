// SPDX-License-Identifier: Apache-2.0
import { channel } from "node:diagnostics_channel";
import { listenForDebugLog } from "./debug-log.js";
import { type BeginCall, createBeginCall } from "./observed-call.js";
import { type BeginRequest, createBeginRequest } from "./observed-request.js";
import { topicOf } from "./topic.js";

/**
 * The channels of Node's own `node:diagnostics_channel`, one for the whole process, whoever loads this library how often.
 * Publishing to one that nobody has subscribed to does nothing.
 */
export const channels = {
  call: channel("longrunning:call"),
  attempt: channel("longrunning:attempt"),
  wait: channel("longrunning:wait"),
  poll: channel("longrunning:poll"),
  state: channel("longrunning:state"),
  transientError: channel("longrunning:transient-error"),
  request: channel("longrunning:request"),
};

listenForDebugLog(channels);

/** Emits a call that no observer is given for. */
export const beginPublishedCall: BeginCall = createBeginCall({
  call: topicOf(channels.call),
  attempt: topicOf(channels.attempt),
});

/** Emits a request. */
export const beginPublishedRequest: BeginRequest = createBeginRequest(channels.request);
