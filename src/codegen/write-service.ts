// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import type { StartMethodTypes } from "./start-methods.js";

/** A service, and its methods that start an operation. */
export interface ServiceOperations {
  readonly service: DescService;
  readonly methods: readonly StartMethodTypes[];
}

/** The package whose functions and types the generated code uses. */
const PACKAGE = "longrunning";

/** Writes the interface and the function of a service as TypeScript. */
export function printTypeScript(file: GeneratedFile, operations: ServiceOperations): void {
  printInterface(file, operations);
  file.print(documentation(file, operations));
  file.print(...signature(file, operations, "function"), " {");
  printBody(file, operations);
  file.print("}");
  file.print();
}

/** Writes the function of a service as JavaScript. */
export function printJavaScript(file: GeneratedFile, operations: ServiceOperations): void {
  file.print(documentation(file, operations));
  file.print(file.export("function", factoryName(operations)), "(operations) {");
  printBody(file, operations);
  file.print("}");
  file.print();
}

/** Writes what TypeScript must know of the JavaScript. */
export function printDeclarations(file: GeneratedFile, operations: ServiceOperations): void {
  printInterface(file, operations);
  file.print(documentation(file, operations));
  file.print(...signature(file, operations, "declare function"), ";");
  file.print();
}

function printInterface(file: GeneratedFile, { service, methods }: ServiceOperations): void {
  const methodType = file.import("OperationMethod", PACKAGE, true);
  const schema = (desc: StartMethodTypes["response"]): Printable => [
    "typeof ",
    file.importSchema(desc, true),
  ];
  file.print(file.jsDoc(service));
  file.print(file.export("interface", interfaceName({ service })), " {");
  for (const { method, response, metadata } of methods) {
    file.print(file.jsDoc(method, "  "));
    file.print(
      "  readonly ",
      method.localName,
      ": ",
      methodType,
      "<",
      schema(method.input),
      ", ",
      schema(response),
      ", ",
      schema(metadata),
      ">;",
    );
  }
  file.print("}");
  file.print();
}

function printBody(file: GeneratedFile, { service, methods }: ServiceOperations): void {
  file.print("  return {");
  for (const { method, response, metadata, requestIdField } of methods) {
    const types: Printable[] = [
      "response: ",
      file.importSchema(response),
      ", metadata: ",
      file.importSchema(metadata),
    ];
    if (requestIdField !== undefined) types.push(", requestIdField: ", file.string(requestIdField.localName));
    file.print(
      "    ",
      method.localName,
      ": ",
      file.import("operationMethod", PACKAGE),
      "(operations, ",
      file.importSchema(service),
      ".method.",
      method.localName,
      ", { ",
      types,
      " }),",
    );
  }
  file.print("  };");
}

function documentation(file: GeneratedFile, { service }: ServiceOperations): Printable {
  return file.jsDoc(
    `The methods of ${service.typeName} that start an operation, typed; called through a client.`,
  );
}

function signature(file: GeneratedFile, operations: ServiceOperations, declaration: string): Printable[] {
  const client = file.import("OperationsClient", PACKAGE, true);
  return [
    file.export(declaration, factoryName(operations)),
    "(operations: ",
    client,
    "): ",
    interfaceName(operations),
  ];
}

function interfaceName({ service }: Pick<ServiceOperations, "service">): string {
  return `${service.name}Operations`;
}

function factoryName({ service }: Pick<ServiceOperations, "service">): string {
  return `create${service.name}Operations`;
}
