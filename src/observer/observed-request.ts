// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { channels } from "#diagnostics-channels";
import { redactSecrets } from "../../errors/sent-secrets.js";
import { eventError } from "../../observer/event-error.js";
import type { RequestEvent } from "../../observer/events.js";
import { monotonicMs } from "../../time/timer.js";
import type { NamedMethod } from "./method.js";
import type { Protocol } from "./protocol.js";

/** Emits the end of a request; called once. */
export type EndRequest = (error?: unknown) => void;

/** What emits the end of a request that begins now; undefined while nobody listens. */
export function beginRequest<M extends NamedMethod>(
  protocol: Protocol<M>,
  method: M,
  message: Message,
): EndRequest | undefined {
  if (!channels.request.hasSubscribers) return undefined;
  const url = withoutQueryValues(protocol.urlOf(method, message));
  const startMs = monotonicMs();
  return (error) => {
    const event: RequestEvent = {
      verb: method.verb,
      url: redactSecrets(url),
      method: method.selector,
      durationMs: monotonicMs() - startMs,
      error: error === undefined ? undefined : eventError(error),
    };
    channels.request.publish(event);
  };
}

/** A query holds fields of the request. */
function withoutQueryValues(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at) + url.slice(at).replace(/=[^&]*/g, "=...");
}
