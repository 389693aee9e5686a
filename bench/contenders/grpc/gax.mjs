// SPDX-License-Identifier: Apache-2.0
import { createTokenOptions, openGaxGrpc } from "../gax.mjs";
import { NAME } from "../operation.mjs";

/** google-gax's own client for operations, over gRPC, with a credential. */
export function open({ port }) {
  const operations = openGaxGrpc(port);
  const optionsOf = createTokenOptions();
  return { call: async () => operations.cancelOperation({ name: NAME }, await optionsOf()) };
}
