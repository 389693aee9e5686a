// SPDX-License-Identifier: Apache-2.0
import { Writable } from "node:stream";
// Not from index.js, as in the writer.
import { printable } from "../../errors/sent-secrets.js";
import type { PlainFlags } from "../arguments/flags.js";
import type { Output, ProcessContext } from "../process.js";
import { loadBars } from "./progress.js";
import { createWriter, type Line } from "./writer.js";

/** A live table on a terminal: a line that counts, and one for each operation that runs, as far as there is space. */
export interface Table {
  /** Shows a running operation with its progress from 0 to 100; `undefined` leaves that unchanged. */
  show(name: string, percent: number | undefined): void;
  /** Removes one that does not run any more. Its lines, if there are any, stay above the table. */
  remove(name: string, lines: readonly Line[]): void;
  /** Removes the table from the screen. */
  stop(): void;
}

const MIN_BAR = 5;
const MAX_BAR = 20;
/** The width of all that stands beside a bar, and of a name of some length. */
const REST_OF_LINE = 60;
/** Of a terminal that does not say how many it has. */
const DEFAULT_ROWS = 24;
/** Rows that no operation has: the count, and the one that the cursor stands in. */
const OTHER_ROWS = 2;

/** Lines that stay may be longer than a row; those that are redrawn are cut off there. */
const WRAPPED = ["\u001b[?7h", "\u001b[?7l"] as const;

/** Starts the table of a parent. It is redrawn twice a second, however many changes there are. */
export async function startTable(
  parent: string,
  stream: Output,
  color: PlainFlags["color"],
  env: ProcessContext["env"],
): Promise<Table> {
  const { MultiBar } = await loadBars();
  const settings = { stream, format: "{line}", fps: 2, clearOnComplete: true, hideCursor: true };
  const rows = new MultiBar({ ...settings, forceRedraw: true, gracefulExit: false });
  const running = new Map<string, number | undefined>();
  const bars: { update(payload: object): void }[] = [];
  let ended = 0;

  const lines = () => {
    const space = Math.max(1, (stream.rows ?? DEFAULT_ROWS) - OTHER_ROWS);
    const shown = running.size > space ? [...running].slice(0, space - 1) : [...running];
    const more = running.size - shown.length;
    return [
      `${printable(parent)}: ${running.size} running, ${ended} ended`,
      ...shown.map(([name, percent]) => lineOf(name, percent, stream.columns)),
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
  };
  const refresh = () => {
    const wanted = lines();
    while (bars.length < wanted.length) bars.push(rows.create(1, 0, { line: "" }));
    for (const [index, bar] of bars.entries()) bar.update({ line: wanted[index] ?? "" });
  };
  const above = new Writable({
    decodeStrings: false,
    write: (text, _, done) => {
      rows.log(WRAPPED.join(String(text)));
      done();
    },
  });
  const writer = createWriter(Object.assign(above, { isTTY: true }), color, env);
  refresh();
  rows.on("update-pre", refresh);
  return {
    show: (name, percent) => void running.set(name, percent ?? running.get(name)),
    remove: (name, left) => {
      running.delete(name);
      ended += 1;
      if (left.length > 0) writer.lines(left);
    },
    stop: () => {
      rows.update(); // Writes the lines that stay.
      rows.stop();
    },
  };
}

function lineOf(name: string, percent: number | undefined, columns = 80): string {
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, columns - REST_OF_LINE));
  const full = Math.floor((width * (percent ?? 0)) / 100);
  const text = percent === undefined ? "?%" : `${Math.floor(percent)}%`;
  const bar = `[${"=".repeat(full)}${"-".repeat(width - full)}]`;
  return `running  ${bar} ${text.padStart(4)}  ${printable(name)}`;
}
