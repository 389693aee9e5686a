// SPDX-License-Identifier: Apache-2.0
import type { Channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { type DebugTopic, debugLines } from "./debug-lines.js";

/** Writes a line to standard error for each event, when `NODE_DEBUG` names `longrunning`. Without that, nothing is subscribed. */
export function listenForDebugLog(channels: Readonly<Record<DebugTopic, Channel>>): void {
  const log = debuglog("longrunning");
  if (!log.enabled) return;
  for (const topic of Object.keys(debugLines) as DebugTopic[]) {
    // A channel carries the events of its topic, and they alone.
    const lineOf = debugLines[topic] as (event: unknown) => string | undefined;
    channels[topic].subscribe((event) => {
      const line = lineOf(event);
      if (line !== undefined) log("%s", line);
    });
  }
}
