// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";
import { NAME } from "../operation.mjs";

/** connect-node's gRPC transport, under Connect's own client. */
export function open({ port }) {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const operations = createClient(Operations, transport);
  return { call: () => operations.cancelOperation({ name: NAME }) };
}
