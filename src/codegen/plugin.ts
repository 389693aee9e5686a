// SPDX-License-Identifier: Apache-2.0
import { createEcmaScriptPlugin, type Schema } from "@bufbuild/protoplugin";
import { VERSION } from "../names/version.js";
import { startMethodsOf } from "./start-methods.js";
import { printDeclarations, printJavaScript, printTypeScript, type TypedService } from "./write-service.js";

/**
 * The plugin `protoc-gen-longrunning`: beside each `x_pb.ts` of protoc-gen-es whose file has a method with
 * `google.longrunning.operation_info` it writes `x_longrunning.ts`, which types these methods. It accepts the
 * options of protoc-gen-es: `target`, `import_extension`, `js_import_style`, ...
 */
export const protocGenLongrunning = createEcmaScriptPlugin({
  name: "protoc-gen-longrunning",
  version: `v${VERSION}`,
  generateTs: (schema) => generate(schema, "ts", printTypeScript),
  generateJs: (schema) => generate(schema, "js", printJavaScript),
  generateDts: (schema) => generate(schema, "d.ts", printDeclarations),
});

function generate(
  schema: Schema,
  extension: string,
  print: (file: ReturnType<Schema["generateFile"]>, service: TypedService) => void,
): void {
  for (const file of schema.files) {
    const services = file.services
      .map((service) => ({ service, methods: startMethodsOf(service, schema) }))
      .filter(({ methods }) => methods.length > 0);
    if (services.length === 0) continue;
    const target = schema.generateFile(`${file.name}_longrunning.${extension}`);
    target.preamble(file);
    for (const service of services) print(target, service);
  }
}
