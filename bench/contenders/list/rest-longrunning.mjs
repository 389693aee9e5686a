// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient, createRestTransport } from "longrunning";
import { HTTP_RULES } from "../operation.mjs";
import { readPage } from "./read-page.mjs";

export function open({ port }) {
  const transport = createRestTransport({ baseUrl: `http://127.0.0.1:${port}`, httpRules: HTTP_RULES });
  return { call: () => readPage(createOperationsClient({ transport })) };
}
