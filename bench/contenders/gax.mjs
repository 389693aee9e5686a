// SPDX-License-Identifier: Apache-2.0
// google-gax's client for operations, with credentials that add nothing: both ways of it have the same work as ours.
import { createRequire } from "node:module";
import { fallback, GrpcClient, googleAuthLibrary, grpc, lro } from "google-gax";
import { HTTP_RULES } from "./operation.mjs";

const require = createRequire(import.meta.url);
const SERVER = "127.0.0.1";

/** Over REST: google-gax calls it fallback. The types are Ad Manager's, so that an Any can be read. */
export function openGaxRest(port) {
  const protoJson = fallback.GrpcClient.protobufFromJSON(
    require("@google-ads/admanager/build/protos/protos.json"),
  );
  const auth = new googleAuthLibrary.PassThroughClient();
  const operations = fallback.lro({ auth, protoJson, httpRules: HTTP_RULES });
  return operations.operationsClient({ servicePath: SERVER, port, protocol: "http" });
}

/** Over gRPC, unencrypted. */
export function openGaxGrpc(port) {
  const auth = new googleAuthLibrary.GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() });
  return lro({ auth, grpc: new GrpcClient({ auth }).grpc }).operationsClient({
    servicePath: SERVER,
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
}
