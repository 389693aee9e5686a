// SPDX-License-Identifier: Apache-2.0
import { createRestTransport } from "longrunning";
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";
import { HTTP_RULES, NAME } from "../operation.mjs";

/** This library's REST transport alone: no deadline, no retries, no check of the name. */
export function open({ port }) {
  const transport = createRestTransport({ baseUrl: `http://127.0.0.1:${port}`, httpRules: HTTP_RULES });
  const { cancelOperation } = Operations.method;
  return { call: () => transport.unary(cancelOperation, undefined, undefined, undefined, { name: NAME }) };
}
