// SPDX-License-Identifier: Apache-2.0
// Not from index.js, which would load the whole library.
import { printable } from "../../errors/sent-secrets.js";
import type { Output } from "../process.js";

/** A progress bar on a terminal for one operation. */
export interface Progress {
  /** Shows the progress from 0 to 100; `undefined` leaves the bar unchanged. */
  show(percent: number | undefined, state: string): void;
  /** Removes the bar from the screen. */
  stop(): void;
}

const MAX_BAR = 30;
const MIN_BAR = 5;
/** The width of state, percentage and time. The library truncates a name that does not fit after them. */
const REST_OF_LINE = 26;

/** Draws a bar on a terminal, redrawn every half second so that the time advances while nothing changes. */
export async function startProgress(stream: Output, name: string): Promise<Progress> {
  const { SingleBar } = await loadBars();
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
  bar.start(100, 0, { state: "running", percent: "  ?%", name: printable(name) });
  return {
    show: (percent, state) => {
      if (percent === undefined) bar.update({ state });
      else bar.update(percent, { state, percent: `${Math.floor(percent)}%`.padStart(4) });
    },
    stop: () => bar.stop(),
  };
}

/** The library of bars. Which named exports Node detects in this CommonJS module varies; the default export has them all. */
export async function loadBars() {
  const library = await import("cli-progress");
  return library.default ?? library;
}
