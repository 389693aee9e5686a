// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import type { Behaviour, FilledField } from "./behaviour.js";

/** Where an operation stands. */
export interface Progress {
  /** Milliseconds since the start, up to the end. */
  readonly elapsedMs: number;
  /** 0 to 100, whole. */
  readonly percent: number;
  readonly cancelRequested: boolean;
  /** Metadata that replaces the script's. */
  readonly metadata: Any | undefined;
}

/**
 * What `Operation.metadata` says at a moment: the step that applies, with the progress filled in.
 *
 * Filling in needs no schema: concatenating two encodings of a message merges them, and the last value of a
 * field wins (protobuf encoding guide, "Last One Wins").
 */
export function metadataAt(behaviour: Behaviour, progress: Progress): Any | undefined {
  const step = behaviour.steps.findLast((candidate) => candidate.afterMs <= progress.elapsedMs);
  const metadata = progress.metadata ?? step?.metadata;
  if (metadata === undefined) return undefined;
  const { percent, cancelRequested } = behaviour;
  const filled: [FilledField, number][] = [];
  if (percent !== undefined && progress.percent > 0) filled.push([percent, progress.percent]);
  if (cancelRequested !== undefined && progress.cancelRequested) filled.push([cancelRequested, 1]);
  if (filled.length === 0) return metadata;

  const writer = new BinaryWriter().raw(metadata.value);
  for (const [field, value] of filled) write(writer, field, value);
  return create(AnySchema, { typeUrl: metadata.typeUrl, value: writer.finish() });
}

function write(writer: BinaryWriter, field: FilledField, value: number): void {
  switch (field.wire) {
    case "varint":
      writer.tag(field.number, WireType.Varint).int32(value);
      break;
    case "float":
      writer.tag(field.number, WireType.Bit32).float(value);
      break;
    case "double":
      writer.tag(field.number, WireType.Bit64).double(value);
      break;
  }
}
