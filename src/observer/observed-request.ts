// SPDX-License-Identifier: Apache-2.0
import { redactSecrets } from "../errors/sent-secrets.js";
import { monotonicMs } from "../time/timer.js";
import { eventError } from "./event-error.js";
import type { RequestEvent } from "./events.js";
import type { Channel } from "./topic.js";

/** What a request is begun with. */
export interface RequestStart {
  readonly verb: string;
  /** The method's full name. */
  readonly selector: string;
}

/** Emits the end of a request; called once. */
export type EndRequest = (error?: unknown) => void;

/** What emits the end of a request that begins now; `undefined` while nobody listens. `urlOf` is called only when somebody does. */
export type BeginRequest = (start: RequestStart, urlOf: () => string) => EndRequest | undefined;

/** Creates the {@link BeginRequest} of a channel. */
export function createBeginRequest(channel: Channel<RequestEvent>): BeginRequest {
  return ({ verb, selector: method }, urlOf) => {
    if (!channel.hasSubscribers) return undefined;
    const url = withoutQueryValues(urlOf());
    const startMs = monotonicMs();
    return (error) => {
      const durationMs = monotonicMs() - startMs;
      channel.publish({
        verb,
        url: redactSecrets(url),
        method,
        durationMs,
        error: error === undefined ? undefined : eventError(error),
      });
    };
  };
}

/** A query holds fields of the request. */
function withoutQueryValues(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at) + url.slice(at).replace(/=[^&]*/g, "=...");
}
