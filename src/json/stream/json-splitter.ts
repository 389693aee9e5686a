// SPDX-License-Identifier: Apache-2.0

import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { checkCost, JsonLimitError } from "../json-text.js";
import { createByteBuffer } from "./byte-buffer.js";
import { createValueScanner, type Place, placeAfter, type ValueScanner } from "./json-scan.js";

/** Takes a stream of JSON values apart as its bytes come in. */
export interface JsonSplitter {
  /** The values that these bytes complete, one by one, so that those before an error are still returned. */
  push(chunk: Uint8Array): Iterable<JsonValue>;
  /**
   * To be called behind the last byte: the number or word that only the end of the stream completes, if any.
   */
  end(): Iterable<JsonValue>;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** @param limit - bytes that one value may have */
export function createJsonSplitter(limit: number): JsonSplitter {
  let place: Place = "start";
  let markBytes = 0;
  let scanner: ValueScanner | undefined; // of the value that we are in
  const bytes = createByteBuffer(); // of this value
  let count = 0;

  const malformed = (what: string, cause?: unknown) =>
    new ConnectError(
      `the response stream ${what} (value ${count + 1})`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );

  const beyondLimit = (what: string) => new JsonLimitError(`${what} (value ${count + 1} of the stream)`);

  const keep = (piece: Uint8Array) => {
    bytes.add(piece);
    if (bytes.size > limit) throw beyondLimit(`is larger than maxResponseBytes, ${limit}`);
  };

  const take = (): JsonValue => {
    let value: JsonValue;
    try {
      const text = bytes.take();
      checkCost(text);
      value = JSON.parse(utf8.decode(text));
    } catch (cause) {
      if (cause instanceof JsonLimitError) throw beyondLimit(cause.message);
      throw malformed("is not JSON", cause);
    }
    scanner = undefined;
    count++;
    place = place === "first" || place === "next" ? "after" : "between";
    return value;
  };

  return {
    *push(chunk) {
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        if (scanner === undefined) {
          if (place === "start" && byte === BYTE_ORDER_MARK[markBytes]) {
            markBytes++;
            continue;
          }
          const next = placeAfter(place, byte);
          if (next === undefined || markBytes % 3 > 0) {
            throw malformed("is not JSON");
          }
          if (next !== "value") {
            place = next;
            continue;
          }
          scanner = createValueScanner();
          from = at;
        }
        const step = scanner.step(byte);
        if (step !== "inside") {
          keep(chunk.subarray(from, step === "last" ? at + 1 : at));
          yield take();
          at -= step === "past" ? 1 : 0; // this byte is to be looked at once more, as one outside of a value
        }
      }
      if (scanner !== undefined) {
        keep(chunk.slice(from));
      }
    },
    *end() {
      const inArray = place === "first" || place === "next" || place === "after";
      if (inArray || markBytes % 3 > 0 || scanner?.isComplete() === false) {
        throw malformed("was truncated");
      }
      if (scanner !== undefined) {
        yield take();
      }
    },
  };
}
