// SPDX-License-Identifier: Apache-2.0
import type { DescField, MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { StatusSchema } from "../../../gen/google/rpc/status_pb.js";

/**
 * How a running operation reacts to a cancel request.
 *
 * - `cancels`: it ends `CANCELLED` (code 1) after `cancelDelayMs`, unless its own end comes first.
 * - `ignores`: the request is accepted and changes nothing.
 * - `completes`: after `cancelDelayMs` it ends normally, despite the cancel.
 * - `vanishes`: it is unknown (`NOT_FOUND`) after `cancelDelayMs`, as with servers that delete cancelled operations.
 * - `unsupported`: the call itself fails with `UNIMPLEMENTED`.
 */
export type OnCancel = "cancels" | "ignores" | "completes" | "vanishes" | "unsupported";

/** `Operation.metadata` from a given time on. */
export interface MetadataStep {
  /** Milliseconds after the start. */
  readonly afterMs: number;
  /** The metadata from then on. */
  readonly metadata: Any;
}

/**
 * How an operation behaves once started. It is plain data; the state of an operation is derived from it and the time.
 */
export interface OperationBehaviour {
  /** How long it runs, in milliseconds; `Infinity` never ends. @default 10_000 */
  readonly durationMs?: number | undefined;
  /** What a cancel does. @default "cancels" */
  readonly onCancel?: OnCancel | undefined;
  /** Time between an accepted cancel and its effect, in milliseconds. @default 100 */
  readonly cancelDelayMs?: number | undefined;
  /**
   * When it becomes unknown to the server, in milliseconds after the start, done or not.
   *
   * @default Infinity
   */
  readonly vanishAfterMs?: number | undefined;
  /**
   * Its response. `"none"` ends it with neither response nor error, which is legal.
   *
   * @default a google.protobuf.Empty
   */
  readonly response?: Any | "none" | undefined;
  /** Makes it fail with this status instead of returning. The code is google.rpc.Code and not 0. @default none */
  readonly error?: MessageInitShape<typeof StatusSchema> | undefined;
  /** `Operation.metadata`: one for its whole life, or several, each from its own time on. @default none */
  readonly metadata?: Any | readonly MetadataStep[] | undefined;
  /** The numeric field of the metadata for the progress, 0 to 100: `Schema.field.percentComplete`. @default none */
  readonly percentField?: DescField | undefined;
  /** The bool field of the metadata that becomes true with the first accepted cancel. @default none */
  readonly cancelRequestedField?: DescField | undefined;
}

/** An operation to start: where it lives and how it behaves. */
export interface OperationScript extends OperationBehaviour {
  /** The collection of the operation; its name is `{parent}/{id}`. @default "operations" */
  readonly parent?: string | undefined;
  /** The last segment of the name. @default a number not used before by this emulator */
  readonly id?: string | undefined;
}
