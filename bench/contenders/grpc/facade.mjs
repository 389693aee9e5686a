// SPDX-License-Identifier: Apache-2.0
import { OAuth2Client } from "google-auth-library";
import { createOperationsClient } from "longrunning";
import { googleAuth } from "longrunning/auth";
import { createGrpcTransport } from "longrunning/grpc";
import { createCredential } from "../credential.mjs";
import { NAME } from "../operation.mjs";

/** This library as it is meant to be used, over gRPC, with a credential. */
export function open({ port }) {
  const transport = createGrpcTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    interceptors: [googleAuth({ auth: createCredential(OAuth2Client) })],
  });
  const operations = createOperationsClient({ transport });
  return { call: () => operations.cancelOperation(NAME) };
}
