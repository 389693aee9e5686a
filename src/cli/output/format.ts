// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";
import type { FormatName } from "./format-name.js";
import type { Paint } from "./paint.js";

/** One piece of data to print. */
export interface Item {
  readonly json: JsonObject;
  /** The same for people, without the last line's end. */
  text(paint: Paint): string;
}

/** How items become text. All of them stream: nothing is kept from one item to the next. */
export interface Format {
  /** The text of an item; `index` counts from 0. */
  item(item: Item, index: number): string;
  /** What closes a list of so many. */
  end(count: number): string;
}

/**
 * Creates a format. With `isList` the items of JSON and YAML are one array, however many there are; otherwise there is one
 * item, and it stands alone.
 */
export async function createFormat(name: FormatName, isList: boolean, paint: Paint): Promise<Format> {
  switch (name) {
    case "text":
      return { item: (item) => `${item.text(paint)}\n`, end: () => "" };
    case "ndjson":
      return { item: ({ json }) => `${JSON.stringify(json)}\n`, end: () => "" };
    case "json":
      return isList ? JSON_LIST : { item: ({ json }) => `${JSON.stringify(json, null, 2)}\n`, end: () => "" };
    case "yaml": {
      const { stringify } = await import("yaml");
      return {
        item: ({ json }) => stringify(isList ? [json] : json),
        end: (count) => (isList && count === 0 ? "[]\n" : ""),
      };
    }
  }
}

const JSON_LIST: Format = {
  item: ({ json }, index) => `${index === 0 ? "[\n" : ",\n"}${indented(JSON.stringify(json, null, 2))}`,
  end: (count) => (count === 0 ? "[]\n" : "\n]\n"),
};

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
