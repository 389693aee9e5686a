// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMessage, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { MAX_VALUES } from "../budgets/budgets.js";
import { oncePerType } from "./layout.js";

/** A field takes a byte for its tag and one for its content at least: fewer bytes have no more fields than are allowed. */
const MIN_FIELD_BYTES = 2;

/** Nesting depth that is checked; `fromBinary` goes no deeper. */
const MAX_DEPTH = 100;

/** A message in binary that is within its size, and beyond what it may cost to decode. */
export class BinaryLimitError extends Error {
  override readonly name = "BinaryLimitError";

  constructor() {
    super(`has more than ${MAX_VALUES} fields`);
  }
}

/**
 * Decodes a message, whose fields are counted first: each becomes an object, or a place in one, and 8 MiB of empty messages
 * would take seconds and a gigabyte. Counting costs nothing below half a megabyte.
 *
 * @throws BinaryLimitError beyond {@link MAX_VALUES}; Error for bytes that are no such message
 */
export function decodeBinary<Desc extends DescMessage>(desc: Desc, bytes: Uint8Array): MessageShape<Desc> {
  // As that of a cancel. A reader would cost more than all the rest: it needs a buffer of its own.
  if (bytes.length === 0) return create(desc);
  checkFields(desc, bytes);
  return fromBinary(desc, bytes);
}

function checkFields(desc: DescMessage, bytes: Uint8Array): void {
  if (bytes.length <= MAX_VALUES * MIN_FIELD_BYTES) return;
  try {
    count(messagesOf(desc), bytes, 0, 0);
  } catch (error) {
    if (error instanceof BinaryLimitError) throw error;
    // Not Protocol Buffers: `fromBinary` says what is wrong.
  }
}

/** The messages that a message may hold, by the numbers of their fields. A function, since types may contain themselves. */
type Messages = ReadonlyMap<number, () => Messages>;

/** The fields that have been counted when `bytes` have been. */
function count(messages: Messages, bytes: Uint8Array, before: number, depth: number): number {
  const reader = new BinaryReader(bytes);
  let fields = before;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    fields += 1;
    if (fields > MAX_VALUES) throw new BinaryLimitError();
    const inner = wireType === WireType.LengthDelimited ? messages.get(number) : undefined;
    if (inner === undefined || depth >= MAX_DEPTH) reader.skip(wireType, number);
    else fields = count(inner(), reader.bytes(), fields, depth + 1);
  }
  return fields;
}

const messagesOf: (desc: DescMessage) => Messages = oncePerType(
  ({ fields }) => new Map(fields.flatMap(innerOf)),
);

/** An entry of a map is a message whose field 2 is the value. */
function innerOf({ number, message, fieldKind }: DescField): [number, () => Messages][] {
  if (message === undefined) return [];
  const inner = () => messagesOf(message);
  const entry = new Map([[2, inner]]);
  return [[number, fieldKind === "map" ? () => entry : inner]];
}
