// SPDX-License-Identifier: Apache-2.0
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { ServiceConfigError } from "./service-config-error.js";

/** Keys and indexes from the top of a configuration to a value in it. */
export type ConfigPath = readonly (string | number)[];

/** A configuration as plain JavaScript, and where its values stand in the file. */
export interface ConfigSource {
  readonly value: unknown;
  /** The error for the value at a path: `http.rules[3].get: expected …`. */
  errorAt(path: ConfigPath, problem: string, cause?: unknown): ServiceConfigError;
}

/**
 * Reads a configuration: YAML or JSON text (JSON is YAML), or an object that somebody has parsed already.
 *
 * @throws ServiceConfigError with the line for text that is not YAML, or that gives a key twice
 */
export function parseConfig(source: unknown): ConfigSource {
  if (typeof source !== "string") {
    return sourceOf(source, () => undefined);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new ServiceConfigError(`not YAML: ${fault.message}`, {
      line: lines.linePos(fault.pos[0]).line,
      cause: fault,
    });
  }
  return sourceOf(valueOfDocument(document), (path) => {
    const node = document.getIn(path, true);
    const start = isNode(node) ? node.range?.[0] : undefined;
    return start === undefined ? undefined : lines.linePos(start).line;
  });
}

/** Aliases are followed only here: one may lead nowhere, or be one of very many. */
function valueOfDocument(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ServiceConfigError(`not YAML: ${problem}`, { line: undefined, cause: error });
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
