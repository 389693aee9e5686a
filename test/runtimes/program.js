// SPDX-License-Identifier: Apache-2.0
// For runtimes with Node's modules: over REST and over gRPC.
import process from "node:process";
import { createGrpcTransport } from "longrunning/grpc";
import { overRest, overTransport } from "./life.js";

const [rest, grpc] = JSON.parse(process.argv[2]);
const transport = createGrpcTransport({ baseUrl: grpc.baseUrl });
console.log(JSON.stringify([await overRest(rest), await overTransport(transport, grpc)]));
transport.close();
