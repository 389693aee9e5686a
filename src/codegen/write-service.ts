// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import type { StartMethodTypes } from "./start-methods.js";

/** A service, and its methods that start an operation. */
export interface TypedService {
  readonly service: DescService;
  readonly methods: readonly StartMethodTypes[];
}

/** The package whose functions and types the generated code uses. */
const PACKAGE = "longrunning";

/** Writes the types of a service's operations, and the function that creates their client, as TypeScript. */
export function printTypeScript(file: GeneratedFile, typed: TypedService): void {
  printInterface(file, typed);
  printTypes(file, typed, [": ", ...typeOfTypes(file, typed), " = ", ...valueOfTypes(file, typed)]);
  printFactory(file, typed, ["(operations: ", clientType(file), "): ", nameOf(typed)]);
}

/** The same as JavaScript. */
export function printJavaScript(file: GeneratedFile, typed: TypedService): void {
  printTypes(file, typed, [" = ", ...valueOfTypes(file, typed)]);
  printFactory(file, typed, ["(operations)"]);
}

/** The type declarations of the JavaScript. */
export function printDeclarations(file: GeneratedFile, typed: TypedService): void {
  printInterface(file, typed);
  file.print(file.jsDoc(DOCUMENTATION.types(typed)));
  file.print(file.export("declare const", nameOf(typed)), ": ", ...typeOfTypes(file, typed), ";");
  file.print();
  file.print(file.jsDoc(DOCUMENTATION.factory(typed)));
  file.print(
    file.export("declare function", factoryName(typed)),
    "(operations: ",
    clientType(file),
    "): ",
    nameOf(typed),
    ";",
  );
  file.print();
}

const DOCUMENTATION = {
  types: ({ service }: TypedService) =>
    `${service.typeName} with the types of its operations, for \`serve\` of an emulator or a fake.`,
  factory: ({ service }: TypedService) =>
    `The methods of ${service.typeName} that start an operation, typed; called through a client.`,
};

function printInterface(file: GeneratedFile, typed: TypedService): void {
  const methodType = file.import("OperationMethod", PACKAGE, true);
  file.print(file.jsDoc(typed.service));
  file.print(file.export("interface", nameOf(typed)), " {");
  for (const { method, response, metadata } of typed.methods) {
    const types = [method.input, response, metadata].flatMap((type) => [", ", typeOf(file, type)]);
    file.print(file.jsDoc(method, "  "));
    file.print("  readonly ", method.localName, ": ", methodType, "<", ...types.slice(1), ">;");
  }
  file.print("}");
  file.print();
}

function printTypes(file: GeneratedFile, typed: TypedService, definition: readonly Printable[]): void {
  file.print(file.jsDoc(DOCUMENTATION.types(typed)));
  file.print(file.export("const", nameOf(typed)), ...definition, ";");
  file.print();
}

/** `ServiceOperations<typeof S, { readonly method: OperationMethodTypes<typeof R, typeof M>; }>` */
function typeOfTypes(file: GeneratedFile, { service, methods }: TypedService): Printable[] {
  const types = file.import("OperationMethodTypes", PACKAGE, true);
  const lines = methods.map(({ method, response, metadata }) => [
    `\n  readonly ${method.localName}: `,
    [types, "<", typeOf(file, response), ", ", typeOf(file, metadata), ">;"],
  ]);
  return [
    [file.import("ServiceOperations", PACKAGE, true), "<"],
    [typeOf(file, service), ", {", ...lines, "\n}>"],
  ];
}

/** `{ service: S, methods: { method: { response: R, metadata: M } } }` */
function valueOfTypes(file: GeneratedFile, { service, methods }: TypedService): Printable[] {
  const lines = methods.map(({ method, response, metadata, requestIdField }) => [
    `\n    ${method.localName}: { response: `,
    [file.importSchema(response), ", metadata: ", file.importSchema(metadata)],
    requestIdField === undefined ? "" : [", requestIdField: ", file.string(requestIdField.localName)],
    " },",
  ]);
  return ["{\n  service: ", file.importSchema(service), ",\n  methods: {", ...lines, "\n  },\n}"];
}

function printFactory(file: GeneratedFile, typed: TypedService, signature: readonly Printable[]): void {
  const start = file.import("operationMethod", PACKAGE);
  const types = nameOf(typed); // not the service's own name, which may be that of the parameter
  file.print(file.jsDoc(DOCUMENTATION.factory(typed)));
  file.print(file.export("function", factoryName(typed)), ...signature, " {");
  file.print("  return {");
  for (const { localName: name } of typed.methods.map(({ method }) => method)) {
    const bound = ["(operations, ", types, ".service.method.", name, ", ", types, ".methods.", name, "),"];
    file.print("    ", name, ": ", start, ...bound);
  }
  file.print("  };");
  file.print("}");
  file.print();
}

function typeOf(file: GeneratedFile, desc: DescMessage | DescService): Printable {
  return ["typeof ", file.importSchema(desc, true)];
}

function clientType(file: GeneratedFile): Printable {
  return file.import("OperationsClient", PACKAGE, true);
}

/** The generated name for a service, shared by an interface and a constant. */
function nameOf({ service }: TypedService): string {
  return `${service.name}Operations`;
}

function factoryName({ service }: TypedService): string {
  return `create${service.name}Operations`;
}
