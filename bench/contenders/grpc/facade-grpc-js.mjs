// SPDX-License-Identifier: Apache-2.0
import { credentials } from "@grpc/grpc-js";
import { createOperationsClient } from "longrunning";
import { createGrpcJsTransport } from "longrunning/grpc";
import { NAME } from "../operation.mjs";

/** This library over a channel of grpc-js. */
export function open({ port }) {
  const transport = createGrpcJsTransport({
    address: `127.0.0.1:${port}`,
    credentials: credentials.createInsecure(),
  });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
