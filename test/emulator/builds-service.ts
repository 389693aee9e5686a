// SPDX-License-Identifier: Apache-2.0
import {
  create,
  createFileRegistry,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  setExtension,
} from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type MethodOptions,
  MethodOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { http } from "../../gen/google/api/annotations_pb.js";
import { type HttpRule, HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import {
  file_google_longrunning_operations,
  OperationSchema,
} from "../../gen/google/longrunning/operations_pb.js";

// A user's own service, as a descriptor made at run time:
//
//   service Builds {
//     rpc Build(BuildRequest) returns (google.longrunning.Operation);  // POST
// /v1/{name=projects/*/builds/*}:run     rpc Logs(BuildRequest) returns (stream Line);                    //
// GET /v1/{name=projects/*/builds/*}/logs   }   message BuildRequest { string name = 1; int32 lines = 2; }
// message Line { string text = 1; }

const { STRING, INT32 } = FieldDescriptorProto_Type;

const field = (name: string, number: number, type: FieldDescriptorProto_Type) => ({
  name,
  jsonName: name,
  number,
  type,
  label: FieldDescriptorProto_Label.OPTIONAL,
});

function httpOption(rule: Partial<Omit<HttpRule, "$typeName">>): MethodOptions {
  const options = create(MethodOptionsSchema);
  setExtension(options, http, create(HttpRuleSchema, rule));
  return options;
}

const file = create(FileDescriptorProtoSchema, {
  name: "test/v1/builds.proto",
  package: "test.v1",
  syntax: "proto3",
  dependency: [file_google_longrunning_operations.proto.name],
  messageType: [
    { name: "BuildRequest", field: [field("name", 1, STRING), field("lines", 2, INT32)] },
    { name: "Line", field: [field("text", 1, STRING)] },
  ],
  service: [
    {
      name: "Builds",
      method: [
        {
          name: "Build",
          inputType: ".test.v1.BuildRequest",
          outputType: `.${OperationSchema.typeName}`,
          options: httpOption({
            pattern: { case: "post", value: "/v1/{name=projects/*/builds/*}:run" },
            body: "*",
          }),
        },
        {
          name: "Logs",
          inputType: ".test.v1.BuildRequest",
          outputType: ".test.v1.Line",
          serverStreaming: true,
          options: httpOption({ pattern: { case: "get", value: "/v1/{name=projects/*/builds/*}/logs" } }),
        },
      ],
    },
  ],
});

const withImports = (...files: (typeof file_google_longrunning_operations)[]): typeof files => [
  ...new Set(files.flatMap((each) => [...withImports(...each.dependencies), each])),
];

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [...withImports(file_google_longrunning_operations).map(({ proto }) => proto), file],
  }),
);

const service = registry.getService("test.v1.Builds");
if (service === undefined) throw new Error("the descriptor has no service");

/** The user's service. */
export const Builds = service;
/** `Build`, unary. */
export const buildMethod = Builds.method.build as DescMethodUnary;
/** `Logs`, server streaming. */
export const logsMethod = Builds.method.logs as DescMethodServerStreaming;
