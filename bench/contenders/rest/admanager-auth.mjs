// SPDX-License-Identifier: Apache-2.0
import { PassThroughClient } from "google-auth-library";
import { createAdManagerClient } from "longrunning/admanager";
import { googleAuth } from "longrunning/auth";
import { NAME } from "../operation.mjs";

/** The same with a client of google-auth-library, so that loading that library counts on both sides. */
export function open({ port }) {
  const operations = createAdManagerClient({
    baseUrl: `http://127.0.0.1:${port}`,
    interceptors: [googleAuth({ auth: new PassThroughClient() })],
  });
  return { call: () => operations.cancelOperation(NAME) };
}
