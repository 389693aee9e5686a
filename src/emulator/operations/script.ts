// SPDX-License-Identifier: Apache-2.0
import type { DescField, MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { StatusSchema } from "../../../gen/google/rpc/status_pb.js";

/**
 * What a running operation does when a client asks to cancel it.
 *
 * - `cancels`: it ends `CANCELLED` (code 1) after `cancelDelayMs`, unless its own end comes first.
 * - `ignores`: the request is accepted and changes nothing.
 * - `completes`: it ends as if it had run its time, after `cancelDelayMs`: done in spite of the cancel.
 * - `vanishes`: it is unknown (`NOT_FOUND`) after `cancelDelayMs`, as servers that drop what they cancel.
 * - `unsupported`: the call itself fails with `UNIMPLEMENTED`.
 */
export type OnCancel = "cancels" | "ignores" | "completes" | "vanishes" | "unsupported";

/** What `Operation.metadata` says from a moment on. */
export interface MetadataStep {
  /** Milliseconds after the start. */
  readonly afterMs: number;
  /** The metadata from then on. */
  readonly metadata: Any;
}

/**
 * How an operation behaves, once started. It is data: what an operation does is derived from it and from the
 * time.
 */
export interface OperationBehaviour {
  /** How long it runs, in milliseconds; `Infinity` never ends. @default 10_000 */
  readonly durationMs?: number | undefined;
  /** What a cancel does. @default "cancels" */
  readonly onCancel?: OnCancel | undefined;
  /** Time between an accepted cancel and what comes of it, in milliseconds. @default 100 */
  readonly cancelDelayMs?: number | undefined;
  /**
   * When it becomes unknown to the server, in milliseconds after the start, done or not.
   *
   * @default Infinity
   */
  readonly vanishAfterMs?: number | undefined;
  /**
   * What it returns. `"none"` leaves it done with neither response nor error, which is legal.
   *
   * @default a google.protobuf.Empty
   */
  readonly response?: Any | "none" | undefined;
  /** Makes it fail with this status instead of returning. The code is google.rpc.Code and not 0. @default none */
  readonly error?: MessageInitShape<typeof StatusSchema> | undefined;
  /** `Operation.metadata`: one for the whole life, or several, each from its moment on. @default none */
  readonly metadata?: Any | readonly MetadataStep[] | undefined;
  /** The number field of the metadata that carries the progress, 0 to 100: `Schema.field.percentComplete`. @default none */
  readonly percentField?: DescField | undefined;
  /** The bool field of the metadata that becomes true with the first accepted cancel. @default none */
  readonly cancelRequestedField?: DescField | undefined;
}

/** An operation to start: where it lives and how it behaves. */
export interface OperationScript extends OperationBehaviour {
  /** The collection that the name is made in: `{parent}/{id}`. @default "operations" */
  readonly parent?: string | undefined;
  /** The last segment of the name. @default a number that no operation of this emulator had before */
  readonly id?: string | undefined;
}
