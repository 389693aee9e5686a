// SPDX-License-Identifier: Apache-2.0
import type { Output } from "../process.js";
import { escapeText } from "./escape.js";

/** A bar on a terminal that shows how far one operation is. */
export interface Progress {
  /** Shows how far it is, from 0 to 100; `undefined` leaves the bar where it is. */
  show(percent: number | undefined, state: string): void;
  /** Takes the bar off the screen. */
  stop(): void;
}

const MAX_BAR = 30;
const MIN_BAR = 5;
/** What else is in the line: state, percentage and time. A name that does not fit behind them is cut off. */
const REST_OF_LINE = 26;

/** Draws a bar on a terminal, redrawn each half second so that the time goes on while nothing changes. */
export async function startProgress(stream: Output, name: string): Promise<Progress> {
  const library = await import("cli-progress");
  // Which of its names an import sees depends on how Node reads this CommonJS module; the default export has them all.
  const { SingleBar } = library.default ?? library;
  const bar = new SingleBar({
    stream,
    format: "{state}  [{bar}] {percent}  {duration_formatted}  {name}",
    barCompleteChar: "=",
    barIncompleteChar: "-",
    barsize: Math.max(MIN_BAR, Math.min(MAX_BAR, (stream.columns ?? 80) - REST_OF_LINE)),
    fps: 2,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
  });
  bar.start(100, 0, { state: "running", percent: "  ?%", name: escapeText(name) });
  return {
    show: (percent, state) => {
      if (percent === undefined) bar.update({ state });
      else bar.update(percent, { state, percent: `${Math.floor(percent)}%`.padStart(4) });
    },
    stop: () => bar.stop(),
  };
}
