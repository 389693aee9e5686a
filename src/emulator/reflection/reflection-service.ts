// SPDX-License-Identifier: Apache-2.0
import { type DescExtension, type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";

/** A request of `ServerReflectionInfo`: a oneof, as protobuf-es has it. */
export interface ReflectionRequest {
  readonly host: string;
  readonly messageRequest:
    | {
        readonly case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType";
        readonly value: string;
      }
    | { readonly case: "listServices"; readonly value: string }
    | {
        readonly case: "fileContainingExtension";
        readonly value: { readonly containingType: string; readonly extensionNumber: number };
      }
    | { readonly case: undefined };
}

/** The files of the served services, to look up names in. */
interface FileIndex {
  readonly byName: ReadonlyMap<string, DescFile>;
  readonly bySymbol: ReadonlyMap<string, DescFile>;
  readonly extensions: readonly DescExtension[];
}

/**
 * `grpc.reflection`, used by `grpcurl list` and `describe` and by clients without a schema. A file is sent with all of its
 * imports.
 */
export function createReflectionService(services: () => readonly DescService[]) {
  return {
    async *serverReflectionInfo(requests: AsyncIterable<ReflectionRequest>): AsyncGenerator<object, void> {
      let index: FileIndex | undefined;
      for await (const request of requests) {
        index ??= indexOf(services());
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: responseTo(request, index, services()),
        };
      }
    },
  };
}

function responseTo(
  { messageRequest: asked }: ReflectionRequest,
  index: FileIndex,
  services: readonly DescService[],
) {
  switch (asked.case) {
    case "listServices": {
      const service = services
        .map(({ typeName }) => ({ name: typeName }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return { case: "listServicesResponse", value: { service } };
    }
    case "fileByFilename":
      return filesOf(index.byName.get(asked.value), asked.value);
    case "fileContainingSymbol":
      return filesOf(index.bySymbol.get(asked.value), asked.value);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const found = index.extensions.find(
        (one) => one.extendee.typeName === containingType && one.number === extensionNumber,
      );
      return filesOf(found?.file, containingType);
    }
    case "allExtensionNumbersOfType": {
      const extensionNumber = index.extensions
        .filter((one) => one.extendee.typeName === asked.value)
        .map((one) => one.number);
      if (extensionNumber.length === 0 && !index.bySymbol.has(asked.value)) return notFound(asked.value);
      return { case: "allExtensionNumbersResponse", value: { baseTypeName: asked.value, extensionNumber } };
    }
    case undefined:
      return errorResponse(Code.InvalidArgument, "the request asks for nothing");
  }
}

function filesOf(file: DescFile | undefined, asked: string) {
  if (file === undefined) return notFound(asked);
  const files = [...withImports([file])].map((one) => toBinary(FileDescriptorProtoSchema, one.proto));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: files } };
}

function notFound(asked: string) {
  return errorResponse(Code.NotFound, `"${asked.slice(0, 200)}" is not known`);
}

function errorResponse(errorCode: Code, errorMessage: string) {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}

function indexOf(services: readonly DescService[]): FileIndex {
  const files = withImports(services.map(({ file }) => file));
  const bySymbol = new Map<string, DescFile>();
  const extensions: DescExtension[] = [];
  for (const file of files) {
    for (const type of nestedTypes(file)) {
      bySymbol.set(type.typeName, file);
      if (type.kind === "extension") extensions.push(type);
      if (type.kind === "service") {
        for (const { name } of type.methods) bySymbol.set(`${type.typeName}.${name}`, file);
      }
    }
  }
  return { byName: new Map([...files].map((file) => [`${file.name}.proto`, file])), bySymbol, extensions };
}

function withImports(files: readonly DescFile[]): Set<DescFile> {
  const all = new Set(files);
  for (const file of all) for (const dependency of file.dependencies) all.add(dependency);
  return all;
}
