// SPDX-License-Identifier: Apache-2.0
import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import { EmptySchema, FileDescriptorProtoSchema, MethodOptionsSchema } from "@bufbuild/protobuf/wkt";
import {
  file_google_longrunning_operations,
  OperationInfoSchema,
  operation_info,
} from "../../gen/google/longrunning/operations_pb.js";
import type { StartMethod } from "../../src/index.js";

/** A method that starts an operation, in a package of one's own; its response's type is named as a proto file would. */
export function methodWithInfo(
  packageName: string,
  responseType: string | undefined,
): StartMethod<typeof EmptySchema> {
  const options = create(MethodOptionsSchema);
  if (responseType !== undefined) {
    setExtension(options, operation_info, create(OperationInfoSchema, { responseType }));
  }
  const file = create(FileDescriptorProtoSchema, {
    name: "starter.proto",
    package: packageName,
    syntax: "proto3",
    dependency: ["google/longrunning/operations.proto", "google/protobuf/empty.proto"],
    service: [
      {
        name: "Starter",
        method: [
          {
            name: "Start",
            inputType: ".google.protobuf.Empty",
            outputType: ".google.longrunning.Operation",
            options,
          },
        ],
      },
    ],
  });
  const known = [file_google_longrunning_operations, EmptySchema.file];
  const registry = createFileRegistry(file, (name) =>
    [...known, ...known.flatMap((one) => one.dependencies)].find((one) => `${one.name}.proto` === name),
  );
  const method = registry.getService(`${packageName}.Starter`)?.method.start;
  if (method === undefined) throw new Error("the file above is wrong");
  // A descriptor made at run time has its types at run time only.
  return method as unknown as StartMethod<typeof EmptySchema>;
}
