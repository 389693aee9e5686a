// SPDX-License-Identifier: Apache-2.0
import {
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import type { Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import type { Status } from "../../gen/google/rpc/status_pb.js";
import { invalidValue } from "../errors/options.js";
import { createReader } from "../http-rule/field/field-access.js";
import { unpackAny } from "../json/any.js";
import type { OperationTypes } from "./operation-types.js";

/** What a snapshot has in every state. */
export interface SnapshotBase<M> {
  /** The name that was asked for, where the server's differs in what comes before the last segment (AIP-2510). */
  readonly name: string;
  /** Progress and other facts, of the type that was asked for; undefined when there is none, or when it is of another type. */
  readonly metadata: M | undefined;
  /**
   * Whether the server has recorded a request to cancel. Undefined when the metadata has no such field, or no type was given
   * for it. The operation may end otherwise all the same.
   */
  readonly requestedCancellation: boolean | undefined;
  /**
   * What is wrong with the message, one sentence each: what could not be read as the type asked for, a result before the
   * operation is done. The raw values are in `operation`. Mostly empty.
   */
  readonly problems: readonly string[];
  /** The message that this is a view of. */
  readonly operation: Operation;
}

/** An operation as it was at one moment, in four states to switch on. */
export type Snapshot<R = Any, M = Any> = SnapshotBase<M> &
  (
    | {
        /** Not done. */
        readonly state: "running";
      }
    | {
        /** Done without an error. */
        readonly state: "succeeded";
        /** Undefined when there is none, which is legal, or when it is not of the type asked for: see `problems`. */
        readonly response: R | undefined;
      }
    | {
        /** Done, and the operation's own error has code 1, CANCELLED. */
        readonly state: "cancelled";
        /** The operation's error as it came. */
        readonly error: Status;
      }
    | {
        /** Done with any other error. */
        readonly state: "failed";
        /** The operation's error as it came. */
        readonly error: Status;
      }
  );

/** How an operation ended. */
export type Outcome<R = Any, M = Any> = Exclude<Snapshot<R, M>, { state: "running" }>;

/** Whether a snapshot is the last one. */
export function isOutcome<R, M>(snapshot: Snapshot<R, M>): snapshot is Outcome<R, M> {
  return snapshot.state !== "running";
}

/**
 * An operation in the user's terms: its state, and what it carries as the types asked for. Pure: what cannot be read is
 * listed in `problems`.
 *
 * @throws TypeError for what is no message, such as the JSON of an operation
 * @param name - what the operation was asked for by @default the message's own
 */
export function snapshotOf<
  R extends DescMessage = typeof AnySchema,
  M extends DescMessage = typeof AnySchema,
>(
  operation: Operation,
  types: OperationTypes<R, M> = {},
  name: string = operation?.name,
): Snapshot<MessageShape<R>, MessageShape<M>> {
  if (operation?.result === undefined) {
    throw invalidValue(
      "snapshotOf: operation",
      operation,
      "a message; fromJson(OperationSchema, json) of @bufbuild/protobuf makes one of JSON",
    );
  }
  const problems: string[] = [];
  const metadata = readAny(operation.metadata, types.metadata, "metadata", problems);
  const base = {
    name,
    metadata,
    requestedCancellation: requestedCancellationOf(types.metadata, metadata),
    problems,
    operation,
  };
  if (!operation.done) {
    if (operation.result.case !== undefined)
      problems.push(`${operation.result.case} is set, but done is false`);
    return { state: "running", ...base };
  }
  if (operation.result.case === "error") {
    const error = operation.result.value;
    return { state: error.code === Code.Canceled ? "cancelled" : "failed", ...base, error };
  }
  return {
    state: "succeeded",
    ...base,
    response: readAny(operation.result.value, types.response, "response", problems),
  };
}

function readAny<Desc extends DescMessage>(
  any: Any | undefined,
  schema: Desc | undefined,
  field: string,
  problems: string[],
): MessageShape<Desc> | undefined {
  // Without a schema, Desc is AnySchema, the default of the type parameter: the Any is the value.
  if (schema === undefined) return any as MessageShape<Desc> | undefined;
  // An Any without a type holds nothing: servers send it for a response that has no content.
  if (any === undefined || any.typeUrl === "") return undefined;
  try {
    const message = unpackAny(any, schema);
    if (message === undefined) problems.push(`${field} is ${any.typeUrl}; expected ${schema.typeName}`);
    return message;
  } catch (error) {
    problems.push(`${field}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The names that metadata messages across googleapis have for it: 135 messages have one of them. */
const CANCELLATION_FIELDS = ["requested_cancellation", "cancel_requested", "cancellation_requested"];

function requestedCancellationOf(
  schema: DescMessage | undefined,
  metadata: Message | undefined,
): boolean | undefined {
  if (schema === undefined || metadata === undefined) return undefined;
  const field = schema.fields.find(isCancellationField);
  return field === undefined ? undefined : createReader([field])(metadata) === true;
}

function isCancellationField(field: DescField): boolean {
  return (
    CANCELLATION_FIELDS.includes(field.name) &&
    field.fieldKind === "scalar" &&
    field.scalar === ScalarType.BOOL
  );
}
