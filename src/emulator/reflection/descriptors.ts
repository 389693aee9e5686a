// SPDX-License-Identifier: Apache-2.0
import {
  createFileRegistry,
  type DescService,
  fromJson,
  type JsonObject,
  type JsonValue,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

// grpc/reflection/v1/reflection.proto, its v1alpha twin, and grpc/health/v1/health.proto, as descriptors: the
// messages stay inside the emulator, so that there is no generated code for them.

type FieldType = "string" | "bytes" | "int32";

interface FieldOptions {
  readonly repeated?: boolean;
  /** The index of the message's oneof. */
  readonly oneof?: number;
}

/** A field; a type that is not a scalar is a message, or an enum if it starts with "enum ". */
function field(
  name: string,
  number: number,
  type: FieldType | `.${string}` | `enum .${string}`,
  options: FieldOptions = {},
): JsonObject {
  const { repeated = false, oneof } = options;
  const isEnum = type.startsWith("enum ");
  const isNamed = isEnum || type.startsWith(".");
  return {
    name,
    number,
    label: repeated ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
    ...(isNamed
      ? { type: isEnum ? "TYPE_ENUM" : "TYPE_MESSAGE", typeName: type.replace("enum ", "") }
      : { type: `TYPE_${type.toUpperCase()}` }),
    ...(oneof !== undefined && { oneofIndex: oneof }),
  };
}

function reflectionFile(version: "v1" | "v1alpha"): JsonValue {
  const scope = `.grpc.reflection.${version}` as const;
  const inOneof = { oneof: 0 };
  return {
    name: `grpc/reflection/${version}/reflection.proto`,
    package: scope.slice(1),
    syntax: "proto3",
    messageType: [
      {
        name: "ServerReflectionRequest",
        oneofDecl: [{ name: "message_request" }],
        field: [
          field("host", 1, "string"),
          field("file_by_filename", 3, "string", inOneof),
          field("file_containing_symbol", 4, "string", inOneof),
          field("file_containing_extension", 5, `${scope}.ExtensionRequest`, inOneof),
          field("all_extension_numbers_of_type", 6, "string", inOneof),
          field("list_services", 7, "string", inOneof),
        ],
      },
      {
        name: "ExtensionRequest",
        field: [field("containing_type", 1, "string"), field("extension_number", 2, "int32")],
      },
      {
        name: "ServerReflectionResponse",
        oneofDecl: [{ name: "message_response" }],
        field: [
          field("valid_host", 1, "string"),
          field("original_request", 2, `${scope}.ServerReflectionRequest`),
          field("file_descriptor_response", 4, `${scope}.FileDescriptorResponse`, inOneof),
          field("all_extension_numbers_response", 5, `${scope}.ExtensionNumberResponse`, inOneof),
          field("list_services_response", 6, `${scope}.ListServiceResponse`, inOneof),
          field("error_response", 7, `${scope}.ErrorResponse`, inOneof),
        ],
      },
      {
        name: "FileDescriptorResponse",
        field: [field("file_descriptor_proto", 1, "bytes", { repeated: true })],
      },
      {
        name: "ExtensionNumberResponse",
        field: [
          field("base_type_name", 1, "string"),
          field("extension_number", 2, "int32", { repeated: true }),
        ],
      },
      {
        name: "ListServiceResponse",
        field: [field("service", 1, `${scope}.ServiceResponse`, { repeated: true })],
      },
      { name: "ServiceResponse", field: [field("name", 1, "string")] },
      {
        name: "ErrorResponse",
        field: [field("error_code", 1, "int32"), field("error_message", 2, "string")],
      },
    ],
    service: [
      {
        name: "ServerReflection",
        method: [
          {
            name: "ServerReflectionInfo",
            inputType: `${scope}.ServerReflectionRequest`,
            outputType: `${scope}.ServerReflectionResponse`,
            clientStreaming: true,
            serverStreaming: true,
          },
        ],
      },
    ],
  };
}

const HEALTH = ".grpc.health.v1";
const HEALTH_METHOD = {
  inputType: `${HEALTH}.HealthCheckRequest`,
  outputType: `${HEALTH}.HealthCheckResponse`,
};

const HEALTH_FILE: JsonValue = {
  name: "grpc/health/v1/health.proto",
  package: HEALTH.slice(1),
  syntax: "proto3",
  messageType: [
    { name: "HealthCheckRequest", field: [field("service", 1, "string")] },
    {
      name: "HealthCheckResponse",
      field: [field("status", 1, `enum ${HEALTH}.HealthCheckResponse.ServingStatus`)],
      enumType: [
        {
          name: "ServingStatus",
          value: ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"].map((name, number) => ({
            name,
            number,
          })),
        },
      ],
    },
  ],
  service: [
    {
      name: "Health",
      method: [
        { name: "Check", ...HEALTH_METHOD },
        { name: "Watch", ...HEALTH_METHOD, serverStreaming: true },
      ],
    },
  ],
};

/** The services that gRPC tools expect of a server. */
export interface ToolServices {
  /** `grpc.reflection.v1` and `v1alpha`. */
  readonly reflection: readonly DescService[];
  readonly health: DescService;
}

/** The descriptors of {@link ToolServices}. */
export function toolServices(): ToolServices {
  const file = [reflectionFile("v1"), reflectionFile("v1alpha"), HEALTH_FILE];
  const registry = createFileRegistry(fromJson(FileDescriptorSetSchema, { file }));
  const service = (name: string): DescService => {
    const found = registry.getService(name);
    if (found === undefined) throw new Error(`no descriptor of ${name}`); // a bug in this file
    return found;
  };
  return {
    reflection: ["v1", "v1alpha"].map((version) => service(`grpc.reflection.${version}.ServerReflection`)),
    health: service("grpc.health.v1.Health"),
  };
}
