// SPDX-License-Identifier: Apache-2.0
import { styleText } from "node:util";
// Not from index.js, which a help page does not need to load.
import { printable } from "../../errors/sent-secrets.js";
import { escapeJson, escapeText, escapeYaml } from "../../names/escape.js";
import type { PlainFlags } from "../arguments/flags.js";
import type { ProcessContext } from "../process.js";

/** A part of a line. A state is one of {@link STYLES}; its text may be padded. */
export type Span = string | { readonly text: string; readonly as: string };

/** A line of text; its parts cannot contain line breaks. */
export type Line = readonly Span[];

/**
 * Writes to one stream. All output of the command line goes through here: credentials that it has sent are redacted, and
 * control characters are escaped.
 */
export interface Writer {
  /** Writes lines of text. @returns false when the reader is slow */
  lines(lines: readonly Line[]): boolean;
  /** Writes a JSON document. @returns false when the reader is slow */
  json(document: string): boolean;
  /** Writes a YAML document. @returns false when the reader is slow */
  yaml(document: string): boolean;
  /** Writes a part of a CSV document: on a terminal without control characters, elsewhere as it is. */
  csv(document: string): boolean;
}

/** What a writer writes to: a stream, or a file. */
export interface TextSink {
  readonly isTTY?: boolean;
  /** @returns false when the reader is slow */
  write(text: string): boolean;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  running: "cyan",
  requested: "cyan",
  succeeded: "green",
  deleted: "green",
  trusted: "green",
  cancelled: "yellow",
  "timed-out": "yellow",
  skipped: "yellow",
  lost: "yellow",
  changed: "yellow",
  failed: "red",
  error: "red",
  label: "dim",
};

/**
 * Creates a writer. Colours depend on `--color`; by default they are for terminals only, and off with NO_COLOR
 * (no-color.org).
 */
export function createWriter(
  stream: TextSink,
  color: PlainFlags["color"],
  env: ProcessContext["env"],
): Writer {
  const auto = stream.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const isOn = color === undefined || color === "auto" ? auto : color === "always";
  const shown = (span: Span) => {
    if (typeof span === "string") return printable(span);
    const style = STYLES[span.as];
    const text = printable(span.text);
    return isOn && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  };
  return {
    lines: (lines) => stream.write(lines.map((line) => `${line.map(shown).join("")}\n`).join("")),
    json: (document) => stream.write(printable(document, escapeJson)),
    yaml: (document) => stream.write(printable(document, escapeYaml)),
    csv: (document) => stream.write(printable(document, stream.isTTY === true ? escapeLines : unchanged)),
  };
}

/** The lines of CSV for a terminal. */
function escapeLines(document: string): string {
  return document.split("\r\n").map(escapeText).join("\n");
}

function unchanged(document: string): string {
  return document;
}

/** Text from this program, such as a help page, as lines. */
export function linesOf(text: string): Line[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => [line]);
}
