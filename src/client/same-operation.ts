// SPDX-License-Identifier: Apache-2.0
import { equals, type Registry } from "@bufbuild/protobuf";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";

/**
 * Whether two messages say the same of an operation. The entries of a map have no order in bytes, so that equal
 * messages may be packed differently: what is of a type in the registry is compared unpacked.
 */
export function sameOperation(a: Operation, b: Operation, registry: Registry | undefined): boolean {
  if (equals(OperationSchema, a, b)) return true;
  if (registry === undefined) return false;
  try {
    return equals(OperationSchema, a, b, { registry, unpackAny: true });
  } catch {
    return false; // What does not unpack has been compared as it is, and differs.
  }
}
