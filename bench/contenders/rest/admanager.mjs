// SPDX-License-Identifier: Apache-2.0
import { createAdManagerClient } from "longrunning/admanager";
import { NAME } from "../operation.mjs";

/** This library's client for Ad Manager; a loopback address gets no credentials. */
export function open({ port }) {
  const operations = createAdManagerClient({ baseUrl: `http://127.0.0.1:${port}` });
  return { call: () => operations.cancelOperation(NAME) };
}
