// SPDX-License-Identifier: Apache-2.0
import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import { EmptySchema, FileDescriptorProtoSchema, MethodOptionsSchema } from "@bufbuild/protobuf/wkt";
import { http } from "../../gen/google/api/annotations_pb.js";
import { HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { file_google_longrunning_operations } from "../../gen/google/longrunning/operations_pb.js";
import type { StartMethod } from "../../src/index.js";

/** A method of this full name that takes nothing, starts an operation and is bound to `POST /start`. */
export function startMethod(selector: string): StartMethod<typeof EmptySchema> {
  const [, service = "", name = ""] = /^(.+)\.(\w+)$/.exec(selector) ?? [];
  const at = service.lastIndexOf(".");
  const options = create(MethodOptionsSchema);
  setExtension(options, http, create(HttpRuleSchema, { pattern: { case: "post", value: "/start" } }));
  const file = create(FileDescriptorProtoSchema, {
    name: "start.proto",
    package: service.slice(0, at),
    syntax: "proto3",
    dependency: ["google/longrunning/operations.proto", "google/protobuf/empty.proto"],
    service: [
      {
        name: service.slice(at + 1),
        method: [
          {
            name,
            inputType: ".google.protobuf.Empty",
            outputType: ".google.longrunning.Operation",
            options,
          },
        ],
      },
    ],
  });
  const known = [file_google_longrunning_operations, EmptySchema.file];
  const registry = createFileRegistry(file, (dependency) =>
    [...known, ...known.flatMap(({ dependencies }) => dependencies)].find(
      (one) => `${one.name}.proto` === dependency,
    ),
  );
  const method = registry.getService(service)?.methods[0];
  if (method === undefined) throw new Error(`no method ${selector}`);
  return method as StartMethod<typeof EmptySchema>; // A descriptor made at run time has its types at run time only.
}
