// SPDX-License-Identifier: Apache-2.0
import { OAuth2Client } from "google-auth-library";
import { createOperationsClient, createRestTransport } from "longrunning";
import { googleAuth } from "longrunning/auth";
import { Pool } from "undici";
import { createCredential } from "../credential.mjs";
import { HTTP_RULES, NAME } from "../operation.mjs";

/** This library over REST, with a credential, on a pool of undici instead of `node:http`: for very many calls. */
export function open({ port }) {
  const baseUrl = `http://127.0.0.1:${port}`;
  const transport = createRestTransport({
    baseUrl,
    httpRules: HTTP_RULES,
    interceptors: [googleAuth({ auth: createCredential(OAuth2Client) })],
    dispatcher: new Pool(baseUrl),
  });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
