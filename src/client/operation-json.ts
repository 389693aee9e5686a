// SPDX-License-Identifier: Apache-2.0
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { invalidOption } from "../errors/options.js";
import { nameProblem } from "../names/operation-name.js";
import { isSameOperationName } from "./operation-identity.js";

/**
 * A handle to keep: plain JSON, in a file, a queue or a database. A later process, and a later version of this library,
 * takes it up with `operations.fromJSON(json, types)`.
 */
export interface OperationJson {
  /** The version of this format. */
  readonly version: 1;
  /** The operation's name; `""` when the server gave none. */
  readonly name: string;
  /** The last that was seen: a google.longrunning.Operation in base64. Its bytes, since JSON could not hold types that nobody here knows. */
  readonly operation?: string;
}

/** What an {@link OperationJson} holds. */
export interface SavedOperation {
  readonly name: string;
  readonly operation: Operation | undefined;
}

/** Writes what {@link fromOperationJson} reads. */
export function toOperationJson({ name, operation }: SavedOperation): OperationJson {
  if (operation === undefined) return { version: 1, name };
  return { version: 1, name, operation: base64Encode(toBinary(OperationSchema, operation)) };
}

/**
 * Reads what {@link toOperationJson} wrote.
 *
 * @throws TypeError for anything else, a version that is not known included
 */
export function fromOperationJson(json: unknown): SavedOperation {
  if (typeof json !== "object" || json === null)
    throw invalidOption("fromJSON: expected an object, as toJSON gives it");
  const { version, name, operation: encoded } = json as { readonly [Key in keyof OperationJson]?: unknown };
  if (version !== 1) throw invalidOption(`fromJSON: version is ${String(version)}; expected 1`);
  const operation = encoded === undefined ? undefined : decodeOperation(encoded);
  // An operation that was done at once may have no name; nothing has to be asked about it.
  const problem =
    name === "" && operation?.done === true ? undefined : nameProblem(name, { allowEmptySegments: true });
  if (typeof name !== "string" || problem !== undefined) throw invalidOption(`fromJSON: the name ${problem}`);
  if (operation !== undefined && operation.name !== "" && !isSameOperationName(name, operation.name)) {
    throw invalidOption(`fromJSON: the name is "${name}", but the operation's is "${operation.name}"`);
  }
  return { name, operation };
}

function decodeOperation(encoded: unknown): Operation {
  try {
    if (typeof encoded === "string") return fromBinary(OperationSchema, base64Decode(encoded));
  } catch {
    // Reported below, like everything else that is not an operation.
  }
  throw invalidOption("fromJSON: operation is not a google.longrunning.Operation in base64");
}
