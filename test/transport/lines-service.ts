// SPDX-License-Identifier: Apache-2.0
import {
  create,
  createFileRegistry,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodStreaming,
} from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { HttpBodySchema } from "../../gen/google/api/httpbody_pb.js";

// A service with streams, as a descriptor made at run time:
//
//   service Lines {
//     rpc Follow(Query) returns (stream Line);
//     rpc Download(Query) returns (stream google.api.HttpBody);
//     rpc Collect(stream Query) returns (Line);
//     rpc Chat(stream Query) returns (stream Line);
//   }
//   message Query { string name = 1; }
//   message Line { string text = 1; }

const text = (name: string) => ({
  name,
  jsonName: name,
  number: 1,
  type: FieldDescriptorProto_Type.STRING,
  label: FieldDescriptorProto_Label.OPTIONAL,
});

const file = create(FileDescriptorProtoSchema, {
  name: "test/v1/lines.proto",
  package: "test.v1",
  syntax: "proto3",
  dependency: [HttpBodySchema.file.proto.name],
  messageType: [
    { name: "Query", field: [text("name")] },
    { name: "Line", field: [text("text")] },
  ],
  service: [
    {
      name: "Lines",
      method: [
        { name: "Follow", inputType: ".test.v1.Query", outputType: ".test.v1.Line", serverStreaming: true },
        {
          name: "Download",
          inputType: ".test.v1.Query",
          outputType: ".google.api.HttpBody",
          serverStreaming: true,
        },
        { name: "Collect", inputType: ".test.v1.Query", outputType: ".test.v1.Line", clientStreaming: true },
        {
          name: "Chat",
          inputType: ".test.v1.Query",
          outputType: ".test.v1.Line",
          clientStreaming: true,
          serverStreaming: true,
        },
      ],
    },
  ],
});

const registry = createFileRegistry(file, (name) =>
  name === HttpBodySchema.file.proto.name ? HttpBodySchema.file : undefined,
);

function methodNamed(name: string): DescMethodStreaming {
  const methods = registry.getService("test.v1.Lines")?.methods ?? [];
  const method = methods.filter(isStreaming).find((candidate) => candidate.name === name);
  if (method === undefined) throw new Error(`the descriptor has no stream ${name}`);
  return method;
}

function isStreaming(method: DescMethod): method is DescMethodStreaming {
  return method.methodKind !== "unary";
}

function downstream(name: string): DescMethodServerStreaming {
  const method = methodNamed(name);
  if (method.methodKind !== "server_streaming") throw new Error(`${name} is no server-streaming method`);
  return method;
}

export const follow = downstream("Follow");
export const download = downstream("Download");
export const collect = methodNamed("Collect");
export const chat = methodNamed("Chat");

/** Rules for all of them: the descriptor has no annotations. */
export const lineRules = [
  { selector: "test.v1.Lines.Follow", get: "/v1/{name=logs/*}:follow" },
  { selector: "test.v1.Lines.Download", get: "/v1/{name=logs/*}:download" },
  { selector: "test.v1.Lines.Collect", post: "/v1/logs:collect", body: "*" },
  { selector: "test.v1.Lines.Chat", post: "/v1/logs:chat", body: "*" },
];
