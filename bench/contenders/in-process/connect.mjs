// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";
import { createAcceptingTransport } from "../in-process.mjs";
import { NAME } from "../operation.mjs";

/** Connect's own client over its in-process transport. */
export function open() {
  const operations = createClient(Operations, createAcceptingTransport());
  return { call: () => operations.cancelOperation({ name: NAME }) };
}
