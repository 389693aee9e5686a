// SPDX-License-Identifier: Apache-2.0
import { OAuth2Client } from "google-auth-library";
import { createOperationsClient, createRestTransport } from "longrunning";
import { googleAuth } from "longrunning/auth";
import { createCredential } from "../credential.mjs";
import { HTTP_RULES, NAME } from "../operation.mjs";

/** This library as it is meant to be used, over REST, with a credential. */
export function open({ port }) {
  const transport = createRestTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    httpRules: HTTP_RULES,
    interceptors: [googleAuth({ auth: createCredential(OAuth2Client) })],
  });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
