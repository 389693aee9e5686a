// SPDX-License-Identifier: Apache-2.0
import type { Channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { DEBUG_TOPICS, type DebugTopic, debugLines } from "./debug-lines.js";

/** The channels of {@link DebugTopic}. */
type Channels = Readonly<Record<DebugTopic, Channel>>;

/** Writes a line to standard error for each event, when `NODE_DEBUG` names `longrunning`. Without that, nothing is subscribed. */
export function listenForDebugLog(channels: Channels): void {
  const log = debuglog("longrunning");
  if (log.enabled) writeDebugLines(channels, DEBUG_TOPICS, (line) => log("%s", line));
}

/** Writes a line for each event of some topics. @returns a function that ends it */
export function writeDebugLines(
  channels: Channels,
  topics: readonly DebugTopic[],
  write: (line: string) => void,
): () => void {
  const stops = topics.map((topic) => {
    // A channel carries the events of its topic, and they alone.
    const lineOf = debugLines[topic] as (event: unknown) => string | undefined;
    const listener = (event: unknown) => {
      const line = lineOf(event);
      if (line !== undefined) write(line);
    };
    channels[topic].subscribe(listener);
    return () => channels[topic].unsubscribe(listener);
  });
  return () => {
    for (const stop of stops) stop();
  };
}
