// SPDX-License-Identifier: Apache-2.0
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "longrunning/grpc";
import { NAME } from "../operation.mjs";

/** This library's gRPC transport alone. */
export function open({ port }) {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const { cancelOperation } = Operations.method;
  return { call: () => transport.unary(cancelOperation, undefined, undefined, undefined, { name: NAME }) };
}
