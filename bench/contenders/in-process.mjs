// SPDX-License-Identifier: Apache-2.0
// Connect's in-process transport with a service that accepts every cancel.
import { createRouterTransport } from "@connectrpc/connect";
import { Operations } from "longrunning/gen/google/longrunning/operations_pb.js";

export function createAcceptingTransport() {
  return createRouterTransport(({ service }) => {
    service(Operations, { cancelOperation: () => ({}) });
  });
}
