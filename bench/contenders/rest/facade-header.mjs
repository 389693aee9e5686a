// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient, createRestTransport } from "longrunning";
import { TOKEN } from "../credential.mjs";
import { HTTP_RULES, NAME } from "../operation.mjs";

/** This library over REST, with an interceptor of the program's own that sets a header. */
export function open({ port }) {
  const setsHeader = (next) => (request) => {
    request.header.set("authorization", `Bearer ${TOKEN}`);
    return next(request);
  };
  const transport = createRestTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    httpRules: HTTP_RULES,
    interceptors: [setsHeader],
  });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
