// SPDX-License-Identifier: Apache-2.0
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";
import { createAcceptingTransport } from "../in-process.mjs";
import { NAME } from "../operation.mjs";

/** Connect's in-process transport alone: what the facade costs is the difference. */
export function open() {
  const transport = createAcceptingTransport();
  const { cancelOperation } = Operations.method;
  return { call: () => transport.unary(cancelOperation, undefined, undefined, undefined, { name: NAME }) };
}
