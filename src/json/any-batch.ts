// SPDX-License-Identifier: Apache-2.0

import type { JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { checkJson, JSON_MARKER, valueOfJson } from "./any-value.js";

/** Sets the `value` of Anys to their JSON, several at once: each call of `JSON.stringify` and each buffer has its price. */
export interface AnyBatch {
  /** The Any has its value after the next `flush`, if not at once. Throws as `flush` does. */
  add(any: Holder, json: JsonObject): void;
  /** How many have no value yet. */
  size(): number;
  /** Leaves out all but the first ones: those within a message that could not be read, of which nothing is kept. */
  drop(size: number): void;
  /** @throws NestingError beyond 512 levels */
  flush(): void;
}

/** An Any. */
interface Holder extends Message {
  value?: Uint8Array;
}

/** How many are written together; more of them gain little. */
const BATCH_SIZE = 8;

/** The largest buffer that several values share, in bytes: keeping one of them keeps it all in memory. */
const MAX_SHARED_BYTES = 2_048;

const encoder = new TextEncoder();

export function createAnyBatch(): AnyBatch {
  let anys: Holder[] = [];
  let contents: JsonObject[] = [];
  const batch: AnyBatch = {
    add: (any, json) => {
      anys.push(any);
      if (contents.push(json) === BATCH_SIZE) batch.flush();
    },
    size: () => contents.length,
    drop: (size) => {
      anys.splice(size);
      contents.splice(size);
    },
    flush: () => {
      if (contents.length === 0) return;
      const hasNegativeZero = contents.filter((json) => checkJson(json)).length > 0; // each of them is checked
      const values = hasNegativeZero ? contents.map((json) => valueOfJson(json)) : valuesOfJson(contents);
      anys.forEach((any, index) => {
        any.value = values[index] ?? new Uint8Array();
      });
      anys = [];
      contents = [];
    },
  };
  return batch;
}

/** As {@link valueOfJson} of each, for JSON without -0. */
export function valuesOfJson(contents: readonly JsonObject[]): readonly Uint8Array[] {
  return (contents.length > 1 && cutText(contents)) || contents.map((json) => valueOfJson(json));
}

/**
 * Writes `[{…},0,{…},0]`, and cuts it behind each `}` before a `,0`; the byte before each object becomes the marker.
 * `undefined` when an object has such a place inside, or text beyond ASCII, where bytes are not characters.
 */
function cutText(contents: readonly JsonObject[]): readonly Uint8Array[] | undefined {
  const items: JsonValue[] = [];
  for (const json of contents) items.push(json, 0);
  const text = JSON.stringify(items);
  const bytes = new Uint8Array(text.length);
  if (encoder.encodeInto(text, bytes).read < text.length) return undefined;
  const values: Uint8Array[] = [];
  const isShared = text.length <= MAX_SHARED_BYTES;
  for (let start = 0, end = text.indexOf("},0") + 1; end > 0; end = text.indexOf("},0", start) + 1) {
    bytes[start] = JSON_MARKER;
    values.push(isShared ? bytes.subarray(start, end) : bytes.slice(start, end));
    start = end + 2;
  }
  return values.length === contents.length ? values : undefined;
}
