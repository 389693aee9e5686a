// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { readPage } from "./read-page.mjs";

export function open({ port }) {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  return { call: () => readPage(createOperationsClient({ transport })) };
}
