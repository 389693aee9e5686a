// SPDX-License-Identifier: Apache-2.0
import { openGaxGrpc } from "../gax.mjs";
import { NAME } from "../operation.mjs";

/** google-gax's own client for operations, over gRPC, without a credential. */
export function open({ port }) {
  const operations = openGaxGrpc(port);
  return { call: () => operations.cancelOperation({ name: NAME }) };
}
