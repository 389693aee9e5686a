// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";

// A program that makes one call and does not close its transport. It says how the call ended.

const [baseUrl = "", timeoutMs = "0"] = process.argv.slice(2);
const client = createClient(Operations, createGrpcTransport({ baseUrl }));
client
  .cancelOperation({ name: "operations/1" }, { timeoutMs: Number(timeoutMs) })
  .then(({ $typeName }) => console.log($typeName))
  .catch((error: Error) => console.log(error.message));
