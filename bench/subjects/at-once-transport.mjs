// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { RunReportMetadataSchema } from "longrunning/gen/google/ads/admanager/v1/report_service_pb.js";
import { OperationSchema } from "longrunning/gen/google/longrunning/operations_pb.js";

/**
 * A transport that responds in the same turn, so that nothing but the client is measured: a poll of an operation finds it
 * running, as a message of its own.
 */
export function createAtOnceTransport() {
  const trailer = new Headers();
  return {
    unary: async (method, _signal, _timeoutMs, _header, { name }) => ({
      stream: false,
      service: method.parent,
      method,
      header: trailer,
      trailer,
      message: method.output.typeName === OperationSchema.typeName ? running(name) : create(method.output),
    }),
    stream: () => Promise.reject(new Error("there are no streams here")),
  };
}

function running(name) {
  const metadata = create(RunReportMetadataSchema, {
    percentComplete: 10,
    report: "networks/123/reports/456",
  });
  return create(OperationSchema, { name, metadata: anyPack(RunReportMetadataSchema, metadata) });
}
