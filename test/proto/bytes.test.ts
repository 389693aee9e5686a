// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  create,
  type DescFile,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { anyPack } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { operationsProtos, protobuf } from "google-gax";
import { file_google_ads_admanager_v1_admanager_error } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { file_google_ads_admanager_v1_report_definition } from "../../gen/google/ads/admanager/v1/report_definition_pb.js";
import { file_google_ads_admanager_v1_report_messages } from "../../gen/google/ads/admanager/v1/report_messages_pb.js";
import {
  file_google_ads_admanager_v1_report_service,
  RunReportMetadataSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { file_google_ads_admanager_v1_report_value } from "../../gen/google/ads/admanager/v1/report_value_pb.js";
import { file_google_api_client } from "../../gen/google/api/client_pb.js";
import { file_google_api_http } from "../../gen/google/api/http_pb.js";
import { file_google_api_httpbody } from "../../gen/google/api/httpbody_pb.js";
import { file_google_api_resource } from "../../gen/google/api/resource_pb.js";
import { file_google_api_routing } from "../../gen/google/api/routing_pb.js";
import {
  CancelOperationRequestSchema,
  DeleteOperationRequestSchema,
  file_google_longrunning_operations,
  GetOperationRequestSchema,
  ListOperationsRequestSchema,
  ListOperationsResponseSchema,
  OperationSchema,
  WaitOperationRequestSchema,
} from "../../gen/google/longrunning/operations_pb.js";
import { file_google_rpc_error_details } from "../../gen/google/rpc/error_details_pb.js";
import { file_google_rpc_status, StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { file_google_type_date } from "../../gen/google/type/date_pb.js";
import { arbitraryPlain, plainOf } from "./plain-message.js";

const modules = join(__dirname, "../../node_modules");
const upstreamRoots = ["google-gax", "@google-ads/admanager"].map((name) =>
  join(modules, name, "build/protos"),
);

const ourFiles: DescFile[] = [
  file_google_ads_admanager_v1_admanager_error,
  file_google_ads_admanager_v1_report_definition,
  file_google_ads_admanager_v1_report_messages,
  file_google_ads_admanager_v1_report_service,
  file_google_ads_admanager_v1_report_value,
  file_google_api_client,
  file_google_api_http,
  file_google_api_httpbody,
  file_google_api_resource,
  file_google_api_routing,
  file_google_longrunning_operations,
  file_google_rpc_error_details,
  file_google_rpc_status,
  file_google_type_date,
];

/** Upstream's own .proto files, read by the protobufjs that google-gax uses. */
const loadUpstream = () => {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    upstreamRoots.map((directory) => join(directory, target)).find((path) => existsSync(path)) ?? null;
  return root.loadSync(
    ourFiles.map((file) => `${file.name}.proto`),
    { keepCase: true },
  );
};

const messages = ourFiles.flatMap((file) =>
  [...nestedTypes(file)].filter((type): type is DescMessage => type.kind === "message"),
);

/** Enums upstream, and text here: the same in JSON alone, which is all that Ad Manager speaks (proto:check says more). */
const IN_JSON_ALONE: ReadonlySet<string> = new Set(["dimensions", "metrics"]);

describe("protobufjs over upstream's files", () => {
  const upstream = loadUpstream();
  const asPlain = { longs: String, bytes: String };

  test.each(messages.map((schema) => [schema.typeName, schema] as const))(
    "writes and reads the bytes of %s as we do",
    (typeName, schema) => {
      const type = upstream.lookupType(typeName);
      fc.assert(
        fc.property(arbitraryPlain(schema, IN_JSON_ALONE), (plain) => {
          const ours = fromBinary(schema, type.encode(type.fromObject(plain)).finish());
          expect(plainOf(schema, ours)).toEqual(plain);
          expect(ours.$unknown).toBeUndefined();
          expect(type.toObject(type.decode(toBinary(schema, ours)), asPlain)).toEqual(plain);
        }),
        { numRuns: 40 },
      );
    },
  );
});

// What google-gax's own OperationsClient reads and writes with. It was compiled before the fields of 2025.
describe("the compiled messages of google-gax", () => {
  const { google } = operationsProtos;
  const name = "networks/123/operations/reports/runs/456";
  const packed = anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { percentComplete: 40 }));
  const any = { type_url: "type.googleapis.com/google.ads.admanager.v1.RunReportMetadata", value: "ECg=" };
  const asPlain = { longs: String, bytes: String };

  /** A message of ours, and what their type of the same name holds then. */
  const row = <Desc extends DescMessage>(
    title: string,
    schema: Desc,
    init: MessageInitShape<Desc>,
    type: Compiled,
    theirs: object,
  ) => [title, toBinary(schema, create(schema, init)), type, theirs] as const;

  test.each([
    row("a running operation", OperationSchema, { name, metadata: packed }, google.longrunning.Operation, {
      name,
      metadata: any,
    }),
    row(
      "an operation that is done with nothing",
      OperationSchema,
      { name, done: true },
      google.longrunning.Operation,
      { name, done: true },
    ),
    row(
      "a cancelled operation",
      OperationSchema,
      {
        name,
        done: true,
        result: { case: "error", value: { code: 1, message: "stopped", details: [packed] } },
      },
      google.longrunning.Operation,
      { name, done: true, error: { code: 1, message: "stopped", details: [any] } },
    ),
    row(
      "a succeeded operation",
      OperationSchema,
      { name, done: true, result: { case: "response", value: packed } },
      google.longrunning.Operation,
      { name, done: true, response: any },
    ),
    row(
      "GetOperation's request",
      GetOperationRequestSchema,
      { name },
      google.longrunning.GetOperationRequest,
      { name },
    ),
    row(
      "CancelOperation's request",
      CancelOperationRequestSchema,
      { name },
      google.longrunning.CancelOperationRequest,
      { name },
    ),
    row(
      "DeleteOperation's request",
      DeleteOperationRequestSchema,
      { name },
      google.longrunning.DeleteOperationRequest,
      { name },
    ),
    row(
      "WaitOperation's request",
      WaitOperationRequestSchema,
      { name, timeout: { seconds: 90n, nanos: 5 } },
      google.longrunning.WaitOperationRequest,
      { name, timeout: { seconds: "90", nanos: 5 } },
    ),
    row(
      "ListOperations' request",
      ListOperationsRequestSchema,
      { name: "operations", filter: "done=true", pageSize: 50, pageToken: "next" },
      google.longrunning.ListOperationsRequest,
      { name: "operations", filter: "done=true", pageSize: 50, pageToken: "next" },
    ),
    row(
      "ListOperations' response",
      ListOperationsResponseSchema,
      { operations: [{ name }], nextPageToken: "next" },
      google.longrunning.ListOperationsResponse,
      { operations: [{ name }], nextPageToken: "next" },
    ),
    row("a status with details", StatusSchema, { code: 12, details: [packed] }, google.rpc.Status, {
      code: 12,
      details: [any],
    }),
  ])("read and write %s as we do", (_title, ours, type, theirs) => {
    expect(type.toObject(type.decode(ours), asPlain)).toEqual(theirs);
    expect(Uint8Array.from(type.encode(type.fromObject(theirs)).finish())).toEqual(ours);
  });

  test("skip the fields that they do not know", () => {
    const request = create(ListOperationsRequestSchema, { name: "operations", returnPartialSuccess: true });
    const response = create(ListOperationsResponseSchema, {
      nextPageToken: "next",
      unreachable: ["locations/x"],
    });
    const { ListOperationsRequest, ListOperationsResponse } = google.longrunning;
    expect(ListOperationsRequest.decode(toBinary(ListOperationsRequestSchema, request)).toJSON()).toEqual({
      name: "operations",
    });
    expect(ListOperationsResponse.decode(toBinary(ListOperationsResponseSchema, response)).toJSON()).toEqual({
      nextPageToken: "next",
    });
  });
});

/** The static methods of a compiled class that the rows use. */
interface Compiled {
  decode(bytes: Uint8Array): object;
  encode(message: object): { finish(): Uint8Array };
  fromObject(plain: object): object;
  toObject(message: object, options: object): object;
}
