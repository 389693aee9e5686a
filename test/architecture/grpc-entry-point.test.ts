// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { buildSync } from "esbuild";
import * as door from "../../src/grpc.js";

test("has these names and no others", () => {
  expect(Object.keys(door).sort()).toEqual(["createGrpcJsTransport", "createGrpcTransport"]);
});

test("loads without @grpc/grpc-js: only the first call of its transport asks for it", () => {
  const { metafile } = buildSync({
    entryPoints: [join(__dirname, "../../src/grpc.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.filter(({ path }) => path === "@grpc/grpc-js").map(({ kind }) => kind)).toEqual([
    "dynamic-import",
  ]);
});
