// SPDX-License-Identifier: Apache-2.0
import { channels } from "#diagnostics-channels";
import { DEBUG_TOPICS, type DebugTopic } from "../../observer/debug-lines.js";
import { writeDebugLines } from "../../observer/debug-log.js";
import type { TypedFlags } from "../arguments/settings.js";

/** What goes over the wire, and when and why it goes again. */
const HTTP_TOPICS: readonly DebugTopic[] = ["request", "attempt", "poll"];

/** Writes a line for each event that `--verbose` or `--log-http` asks for. @returns a function that ends it */
export function startCallLog({ verbose, logHttp }: TypedFlags, write: (line: string) => void): () => void {
  const topics = verbose === true ? DEBUG_TOPICS : logHttp === undefined ? [] : HTTP_TOPICS;
  return writeDebugLines(channels, topics, write);
}

/** Whether lines of a log are written to standard error, which a drawing there would tear apart. */
export function isLogging({ verbose, logHttp }: TypedFlags): boolean {
  return verbose === true || logHttp !== undefined;
}
