// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient } from "longrunning";
import { createAcceptingTransport } from "../in-process.mjs";
import { NAME } from "../operation.mjs";

/** This library over Connect's in-process transport. */
export function open() {
  const operations = createOperationsClient({ transport: createAcceptingTransport() });
  return { call: () => operations.cancelOperation(NAME) };
}
