// SPDX-License-Identifier: Apache-2.0
import { styleText } from "node:util";
import type { Flags } from "../arguments/flags.js";
import type { Output, ProcessContext } from "../process.js";

/** Colours for text on one stream; without colour, each function gives its text back. */
export interface Paint {
  /** The colour of a state, or of any other word for how something stands. */
  state(word: string, padded?: string): string;
  label(text: string): string;
  bad(text: string): string;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  running: "cyan",
  requested: "cyan",
  succeeded: "green",
  deleted: "green",
  cancelled: "yellow",
  "timed-out": "yellow",
  skipped: "yellow",
  failed: "red",
  error: "red",
};

/** Paints when `--color` says so; by default on terminals only, and never with NO_COLOR (no-color.org). */
export function createPaint(stream: Output, color: Flags["color"], env: ProcessContext["env"]): Paint {
  const auto = stream.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const isOn = color === undefined || color === "auto" ? auto : color === "always";
  const paint = (style: Style | undefined, text: string) =>
    isOn && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  return {
    state: (word, padded = word) => paint(STYLES[word], padded),
    label: (text) => paint("dim", text),
    bad: (text) => paint("red", text),
  };
}
