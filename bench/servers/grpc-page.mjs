// SPDX-License-Identifier: Apache-2.0
// Responds to every gRPC call with the page of operations. Here it is Node's HTTP/2, which minds the windows: a page is
// larger than they are.
import { createServer } from "node:http2";
import { createRegistry, fromJson, toBinary } from "@bufbuild/protobuf";
import { file_google_ads_admanager_v1_report_service } from "longrunning/gen/google/ads/admanager/v1/report_service_pb.js";
import { ListOperationsResponseSchema } from "longrunning/gen/google/longrunning/operations_pb.js";
import { pageJson } from "./page.mjs";
import { serve } from "./serve.mjs";

const registry = createRegistry(file_google_ads_admanager_v1_report_service);
const message = toBinary(
  ListOperationsResponseSchema,
  fromJson(ListOperationsResponseSchema, pageJson(), { registry }),
);
const prefix = Buffer.alloc(5);
prefix.writeUInt32BE(message.length, 1);
const body = Buffer.concat([prefix, message]);

const server = createServer();
server.on("stream", (stream) => {
  stream.on("error", () => stream.destroy());
  stream.resume();
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(body);
});
serve(server);
