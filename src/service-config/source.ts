// SPDX-License-Identifier: Apache-2.0
import { isNode } from "yaml";
import { codePointOf } from "../names/odd-name.js";
import { describeKeys, describeText, describeValue } from "./describe.js";
import { readYaml } from "./yaml-document.js";

/** Keys and indexes from the top of a configuration to a value in it. */
export type ConfigPath = readonly (string | number)[];

/** A configuration as plain JavaScript, and where its values stand in the file. */
export interface ConfigSource {
  /** Of a YAML file, the sections `type` and `http`. */
  readonly value: unknown;
  /** The error for the value at a path: `http.rules[3].get: expected …`. */
  errorAt(path: ConfigPath, problem: string, cause?: unknown): ServiceConfigError;
}

/** A service configuration that is not what `google.api.Service` has: says where, and what was expected. */
export class ServiceConfigError extends Error {
  /** Always `"ServiceConfigError"`. */
  override readonly name = "ServiceConfigError";
  /** The line of the file, counted from 1; `undefined` when the configuration was given as an object. */
  readonly line: number | undefined;

  constructor(problem: string, where: { readonly line: number | undefined; readonly cause?: unknown }) {
    super(`service configuration${where.line === undefined ? "" : `, line ${where.line}`}: ${problem}`, {
      cause: where.cause,
    });
    this.line = where.line;
  }
}

/** A service configuration has at least one of these. */
const MARKS = ["type", "http", "apis"];

/**
 * Reads a configuration: YAML or JSON text (JSON is YAML) or its bytes in UTF-8, or an object that somebody has parsed
 * already. Of block YAML only the sections `type` and `http` are parsed: Google publishes files with a `documentation`
 * that YAML 1.2 forbids.
 *
 * @throws ServiceConfigError with the line for text that is not YAML or gives a key twice, and for what is something
 *   else (a file name, an HTML page, an OpenAPI document …), saying what it seems to be
 */
export function parseConfig(source: unknown): ConfigSource {
  const text = textOf(source);
  if (text === undefined) {
    checkKind(describeValue(source), keysOf(source));
    return sourceOf(source, () => undefined);
  }
  const { masked, keys, documents } = sectionsOf(text);
  if (keys.length === 0 || documents > 1) checkKind(describeText(text), undefined);
  if (documents > 1) {
    throw failed(
      "there are several YAML documents; pass the one of type google.api.Service alone",
      undefined,
    );
  }
  if (keys.length > 0) checkKind(undefined, keys);
  if (keys.length > 0) rejectUnusualBlanks(masked);
  const found = parseYaml(masked, true) ?? parseYaml(text, false);
  if (keys.length === 0) checkKind(undefined, keysOf(found?.value));
  return found ?? sourceOf({}, () => undefined);
}

function failed(problem: string, line: number | undefined, cause?: unknown): ServiceConfigError {
  return new ServiceConfigError(problem, { line, cause });
}

/** Rejects what is no service configuration, saying what it seems to be. */
function checkKind(seems: string | undefined, keys: readonly string[] | undefined): void {
  if (keys?.some((key) => MARKS.includes(key)) === true) return;
  const what = seems ?? (keys && describeKeys(keys));
  if (what !== undefined) throw failed(`this is no google.api.Service but ${what}`, undefined);
}

/** Text as it is, bytes as UTF-8 text; `undefined` for everything else. */
function textOf(source: unknown): string | undefined {
  if (typeof source === "string") return source.replace(/^\ufeff/, "");
  const isBytes =
    ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === "[object ArrayBuffer]";
  if (!isBytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(source as ArrayBufferView); // one of both, by the line above
  } catch (cause) {
    throw failed("the bytes are not text in UTF-8", undefined, cause);
  }
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** A key at the beginning of a line. What is quoted over several lines may have one too, but hardly one of ours. */
const SECTION = /^(["']?)([A-Za-z_$][\w$.-]{0,63})\1[ \t]{0,16}:(?=[ \t\r]|$)/;

/** A file's top-level keys, and the file with all sections but `type` and `http` blanked, so that lines stay what they are. */
function sectionsOf(text: string): { masked: string; keys: string[]; documents: number } {
  const keys: string[] = [];
  let isRead = true;
  let documents = 0;
  let isFresh = true;
  const lines = text.split("\n").map((line) => {
    const key = SECTION.exec(line)?.[2];
    if (key !== undefined) {
      keys.push(key);
      isRead = key === "type" || key === "http";
      if (isFresh) documents++;
      isFresh = false;
    } else if (/^---(\s|$)/.test(line)) {
      isRead = true;
      isFresh = true;
    } else if (/^\?(\s|$)/.test(line)) {
      // A key that is written over several lines may be any.
      isRead = true;
    }
    return isRead ? line : "";
  });
  return { masked: lines.join("\n"), keys, documents };
}

/** A blank at the beginning of a line that YAML takes for a letter: text that was copied from a page has them. */
const UNUSUAL_BLANK = /^[ \t]{0,64}([\u00a0\u2000-\u200b\u202f\u3000\ufeff])/;

function rejectUnusualBlanks(text: string): void {
  for (const [at, line] of text.split("\n").entries()) {
    const blank = UNUSUAL_BLANK.exec(line)?.[1];
    if (blank === undefined) continue;
    throw failed(
      `a line is indented with ${codePointOf(blank)}, which is no blank in YAML; write spaces`,
      at + 1,
    );
  }
}

/** @returns `undefined` when a part of a file has an alias whose anchor may stand in the rest. */
function parseYaml(text: string, isPart: boolean): ConfigSource | undefined {
  const { document, lineOf, problem } = readYaml(text);
  if (problem !== undefined) {
    const { message, line, cause } = problem;
    const isAlias = cause?.code === "BAD_ALIAS";
    throw failed(
      isAlias ? "an unquoted * is no text in YAML; write '*'" : `not YAML: ${message}`,
      line,
      cause,
    );
  }
  try {
    return sourceOf(document.toJS() ?? {}, (path) => {
      const node = document.getIn(path, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      return start === undefined ? undefined : lineOf(start);
    });
  } catch (cause) {
    // Aliases are resolved only here: one may lead nowhere, or be one of very many.
    if (isPart) return undefined;
    throw failed(`not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, cause);
  }
}

function sourceOf(value: unknown, lineOf: (path: ConfigPath) => number | undefined): ConfigSource {
  return {
    value,
    errorAt(path, problem, cause) {
      const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
      const what = place === "" ? problem : `${place.slice(1)}: ${problem}`;
      return new ServiceConfigError(what, { line: nearestLine(path, lineOf), cause });
    },
  };
}

/** The line of the value, or of the nearest one around it that is in the file. */
function nearestLine(path: ConfigPath, lineOf: (path: ConfigPath) => number | undefined): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const line = lineOf(path.slice(0, length));
    if (line !== undefined) {
      return line;
    }
  }
  return undefined;
}
