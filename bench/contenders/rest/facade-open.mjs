// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient, createRestTransport } from "longrunning";
import { HTTP_RULES, NAME } from "../operation.mjs";

/** This library over REST, without a credential. */
export function open({ port }) {
  const transport = createRestTransport({ baseUrl: `http://127.0.0.1:${port}`, httpRules: HTTP_RULES });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
