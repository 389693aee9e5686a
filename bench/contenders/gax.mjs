// SPDX-License-Identifier: Apache-2.0
// google-gax's client for operations, with a token or with credentials that add nothing.
import { createRequire } from "node:module";
import { fallback, GrpcClient, googleAuthLibrary, grpc, lro } from "google-gax";
import { createCredential } from "./credential.mjs";
import { HTTP_RULES } from "./operation.mjs";

const { GoogleAuth, OAuth2Client, PassThroughClient } = googleAuthLibrary;
const require = createRequire(import.meta.url);
const SERVER = "127.0.0.1";

/** Over REST: google-gax calls it fallback. The types are Ad Manager's, so that an Any can be read. */
export function openGaxRest(port, { credential = true } = {}) {
  const protoJson = fallback.GrpcClient.protobufFromJSON(
    require("@google-ads/admanager/build/protos/protos.json"),
  );
  const auth = credential ? createCredential(OAuth2Client) : new PassThroughClient();
  const operations = fallback.lro({ auth, protoJson, httpRules: HTTP_RULES });
  return operations.operationsClient({ servicePath: SERVER, port, protocol: "http" });
}

/** Over gRPC, unencrypted. */
export function openGaxGrpc(port) {
  const auth = new GoogleAuth({ authClient: new PassThroughClient() });
  return lro({ auth, grpc: new GrpcClient({ auth }).grpc }).operationsClient({
    servicePath: SERVER,
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
}

/**
 * Call options with a token. grpc-js gives call credentials to TLS channels only; this is what they would do there: the
 * headers of the client of google-auth-library, as metadata of the call.
 */
export function createTokenOptions() {
  const client = createCredential(OAuth2Client);
  return async () => {
    const headers = await client.getRequestHeaders();
    const authorization = headers.authorization ?? headers.get("authorization");
    return { otherArgs: { headers: { authorization } } };
  };
}
