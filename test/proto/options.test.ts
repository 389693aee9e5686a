// SPDX-License-Identifier: Apache-2.0
// What the generated stubs say about methods, services and fields: the options that transports, clients
// and the emulator read. The rows are the http bindings and types of Google's API documentation.
import { type DescField, getOption, hasOption, toJson } from "@bufbuild/protobuf";
import {
  ReportService,
  RunReportRequestSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { http } from "../../gen/google/api/annotations_pb.js";
import { oauth_scopes } from "../../gen/google/api/client_pb.js";
import { FieldBehavior, field_behavior } from "../../gen/google/api/field_behavior_pb.js";
import { HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { resource_reference } from "../../gen/google/api/resource_pb.js";
import { routing } from "../../gen/google/api/routing_pb.js";
import {
  ListOperationsResponseSchema,
  Operations,
  operation_info,
} from "../../gen/google/longrunning/operations_pb.js";

const { listOperations, getOperation, deleteOperation, cancelOperation, waitOperation } = Operations.method;
const { runReport } = ReportService.method;
const allMethods = [...Operations.methods, ...ReportService.methods];

test.each([
  [listOperations, { get: "/v1/{name=operations}" }],
  [getOperation, { get: "/v1/{name=operations/**}" }],
  [deleteOperation, { delete: "/v1/{name=operations/**}" }],
  [cancelOperation, { post: "/v1/{name=operations/**}:cancel", body: "*" }],
  [runReport, { post: "/v1/{name=networks/*/reports/*}:run", body: "*" }],
])("$name has its http rule", (method, rule) => {
  expect(toJson(HttpRuleSchema, getOption(method, http))).toEqual(rule);
});

test("WaitOperation is the only method without an http rule", () => {
  expect(allMethods.filter((method) => !hasOption(method, http))).toEqual([waitOperation]);
});

test("RunReport is the only method that starts an operation, and says of which types", () => {
  expect(allMethods.filter((method) => hasOption(method, operation_info))).toEqual([runReport]);
  expect(getOption(runReport, operation_info)).toMatchObject({
    responseType: "RunReportResponse", // bare names: in the package of the method
    metadataType: "RunReportMetadata",
  });
});

test("settings of code generators are left out, which bundles would carry", () => {
  const { dependencies } = Operations.file;
  expect(dependencies.filter(({ name }) => name === "google/api/client")).toEqual([]);
});

test("no method has routing parameters: their headers come from the http rules", () => {
  expect(allMethods.filter((method) => hasOption(method, routing))).toEqual([]);
});

test("every method is unary", () => {
  expect(allMethods.filter((method) => method.methodKind !== "unary")).toEqual([]);
});

test("the services name their scopes", () => {
  expect(hasOption(Operations, oauth_scopes)).toBe(false);
  expect(getOption(ReportService, oauth_scopes)).toBe("https://www.googleapis.com/auth/admanager");
});

test("fields say what they are", () => {
  const fields: readonly DescField[] = [
    ListOperationsResponseSchema.field.unreachable,
    RunReportRequestSchema.field.name,
  ];
  expect(fields.map((field) => getOption(field, field_behavior))).toEqual([
    [FieldBehavior.UNORDERED_LIST],
    [FieldBehavior.REQUIRED],
  ]);
  expect(getOption(RunReportRequestSchema.field.name, resource_reference).type).toBe(
    "admanager.googleapis.com/Report",
  );
});
