// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { NAME } from "../operation.mjs";

/** This library over gRPC, without a credential. */
export function open({ port }) {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
