// SPDX-License-Identifier: Apache-2.0

import { createRegistry } from "@bufbuild/protobuf";
import { TypeSchema } from "@bufbuild/protobuf/wkt";
import { createContextValues } from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { callTypes, registryFor } from "../../src/json/registry.js";

const method = Operations.method.getOperation;

test.each([
  "google.protobuf.Any",
  "google.protobuf.Duration",
  "google.protobuf.Empty",
  "google.protobuf.FieldMask",
  "google.protobuf.Struct",
  "google.protobuf.Timestamp",
  "google.protobuf.Int64Value",
  "google.rpc.ErrorInfo",
  "google.rpc.LocalizedMessage",
  "google.rpc.Status",
  "google.longrunning.Operation",
])("knows %s for every method", (type) => {
  expect(registryFor(method).getMessage(type)?.typeName).toBe(type);
});

test("knows the types of the method's own file and of what that imports", () => {
  const registry = registryFor(ReportService.method.runReport);
  expect(registry.getMessage("google.ads.admanager.v1.RunReportResponse")).toBeDefined();
  expect(registry.getMessage("google.protobuf.FieldDescriptorProto")).toBeDefined(); // by way of annotations.proto
  expect(registryFor(method).getMessage("google.ads.admanager.v1.RunReportResponse")).toBeUndefined();
});

test("adds the registries given, the later before the earlier", () => {
  const first = createRegistry(TypeSchema);
  const mine = Object.assign(Object.create(TypeSchema), { typeName: "google.rpc.ErrorInfo" });
  const second = createRegistry(mine);
  const registry = registryFor(method, undefined, first, second);
  expect(registry.getMessage("google.protobuf.Type")).toBe(TypeSchema);
  expect(registry.getMessage("google.rpc.ErrorInfo")).toBe(mine);
});

test("gives the same registry for the same arguments, and another one for others", () => {
  const more = createRegistry(TypeSchema);
  expect(registryFor(method)).toBe(registryFor(method, undefined));
  expect(registryFor(method, more)).toBe(registryFor(method, more));
  expect(registryFor(method, more)).not.toBe(registryFor(method, createRegistry(TypeSchema)));
});

test("hands types down through context values, from any copy of the library", () => {
  const types = createRegistry(TypeSchema);
  const values = createContextValues();
  expect(values.get(callTypes)).toBeUndefined();
  values.set({ id: Symbol.for("longrunning.callTypes"), defaultValue: undefined }, types);
  expect(values.get(callTypes)).toBe(types);
});
