// SPDX-License-Identifier: Apache-2.0
import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import {
  EmptySchema,
  FileDescriptorProtoSchema,
  type MethodOptions,
  MethodOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { http } from "../gen/google/api/annotations_pb.js";
import { HttpRuleSchema } from "../gen/google/api/http_pb.js";
import {
  file_google_longrunning_operations,
  OperationInfoSchema,
  operation_info,
} from "../gen/google/longrunning/operations_pb.js";
import type { StartMethod } from "../src/index.js";

/** A method of this full name that takes nothing, starts an operation and is bound to `POST /start`. */
export function startMethod(selector: string): StartMethod<typeof EmptySchema> {
  const options = create(MethodOptionsSchema);
  setExtension(options, http, create(HttpRuleSchema, { pattern: { case: "post", value: "/start" } }));
  return methodWith(selector, options);
}

/** A method that starts an operation, in a package of one's own; its response's type is named as a proto file would. */
export function methodWithInfo(
  packageName: string,
  responseType: string | undefined,
): StartMethod<typeof EmptySchema> {
  const options = create(MethodOptionsSchema);
  if (responseType !== undefined) {
    setExtension(options, operation_info, create(OperationInfoSchema, { responseType }));
  }
  return methodWith(`${packageName}.Starter.Start`, options);
}

function methodWith(selector: string, options: MethodOptions): StartMethod<typeof EmptySchema> {
  const [, packageName = "", serviceName = "", name = ""] = /^(.+)\.(\w+)\.(\w+)$/.exec(selector) ?? [];
  const inputType = ".google.protobuf.Empty";
  const outputType = ".google.longrunning.Operation";
  const file = create(FileDescriptorProtoSchema, {
    name: "start.proto",
    package: packageName,
    syntax: "proto3",
    dependency: ["google/longrunning/operations.proto", "google/protobuf/empty.proto"],
    service: [{ name: serviceName, method: [{ name, inputType, outputType, options }] }],
  });
  const known = [file_google_longrunning_operations, EmptySchema.file];
  const registry = createFileRegistry(file, (dependency) =>
    [...known, ...known.flatMap(({ dependencies }) => dependencies)].find(
      (one) => `${one.name}.proto` === dependency,
    ),
  );
  const method = registry.getService(`${packageName}.${serviceName}`)?.methods[0];
  if (method === undefined) throw new Error(`no method ${selector}`);
  return method as StartMethod<typeof EmptySchema>; // A descriptor made at run time has its types at run time only.
}
