// SPDX-License-Identifier: Apache-2.0
import { openGaxRest } from "../gax.mjs";
import { NAME } from "../operation.mjs";

/** google-gax's own client for operations, over REST, with a credential. */
export function open({ port }) {
  const operations = openGaxRest(port);
  return { call: () => operations.cancelOperation({ name: NAME }) };
}
