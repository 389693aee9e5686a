// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { JsonObject } from "@bufbuild/protobuf";
import { isUnsafe } from "../../names/escape.js";
import type { AnyFormatName } from "../arguments/format-name.js";
import type { Output } from "../process.js";
import type { Line, Writer } from "./writer.js";

/** One piece of data to print. */
export interface Item {
  readonly json: JsonObject;
  /** The same for people. */
  readonly lines: readonly Line[];
}

/** Prints data on standard output. All formats stream: no items are buffered. */
export interface Printer {
  /** Prints one item; waits if the reader is slow. */
  print(item: Item): Promise<void>;
  /** Writes the end of the document. */
  end(): Promise<void>;
}

interface Format {
  /** Writes an item; `index` counts from 0. @returns false when the reader is slow */
  item(item: Item, index: number): boolean;
  /** Writes the end of a list with this many items. */
  end(count: number): boolean;
}

/**
 * Creates the printer of one command. With `isList`, JSON and YAML print one array of any number of items; otherwise they
 * print the single item by itself.
 */
export async function createPrinter(
  stdout: Output,
  writer: Writer,
  name: AnyFormatName,
  isList: boolean,
): Promise<Printer> {
  const format = await formatOf(name, isList, writer);
  let count = 0;
  const written = async (isFlowing: boolean) => {
    if (!isFlowing) await once(stdout, "drain");
  };
  return {
    print: (item) => written(format.item(item, count++)),
    end: () => written(format.end(count)),
  };
}

async function formatOf(
  name: AnyFormatName,
  isList: boolean,
  { lines, json: write, yaml }: Writer,
): Promise<Format> {
  const nothing = () => true;
  switch (name) {
    case "text":
    case "csv": // formats of rows, which are written elsewhere
    case "table":
      return { item: (item) => lines(item.lines), end: nothing };
    case "ndjson":
      return { item: ({ json }) => write(`${JSON.stringify(json)}\n`), end: nothing };
    case "json":
      if (!isList) return { item: ({ json }) => write(`${JSON.stringify(json, null, 2)}\n`), end: nothing };
      return {
        item: ({ json }, index) =>
          write(`${index === 0 ? "[\n" : ",\n"}${indented(JSON.stringify(json, null, 2))}`),
        end: (count) => write(count === 0 ? "[]\n" : "\n]\n"),
      };
    case "yaml": {
      const stringify = await yamlWriter();
      return {
        item: ({ json }) => yaml(stringify(isList ? [json] : json)),
        end: (count) => (isList && count === 0 ? yaml("[]\n") : true),
      };
    }
  }
}

/** Double-quotes strings with characters to escape, since only those can have escapes in YAML. */
async function yamlWriter(): Promise<(value: unknown) => string> {
  const { Document, visit } = await import("yaml");
  return (value) => {
    const document = new Document(value);
    visit(document, {
      Scalar: (_, scalar) => {
        const { value: text } = scalar;
        if (typeof text === "string" && isUnsafe(text)) scalar.type = "QUOTE_DOUBLE";
      },
    });
    return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY });
  };
}

function indented(text: string): string {
  return `  ${text.replaceAll("\n", "\n  ")}`;
}
