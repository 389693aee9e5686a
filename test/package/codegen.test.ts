// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../architecture/source-files.js";

// What protoc-gen-longrunning, as it was built, writes for protos of every shape; compiled and run in a folder of the package,
// where "longrunning" means this package.

const PROTO = "test/package/codegen/proto";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(root, ".doc-examples-codegen-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs both plugins over the protos of a folder, by buf, into another. */
function generate(out: string, options: readonly string[], protos = PROTO) {
  const config = { version: "v2", modules: [{ path: "proto" }, { path: protos }] };
  const plugin = (local: string[]) => ({
    local,
    out: join(folder, out),
    opt: options,
    include_imports: true,
    strategy: "all",
  });
  const template = {
    version: "v2",
    plugins: [
      plugin(["node_modules/.bin/protoc-gen-es"]),
      plugin([process.execPath, "dist/node/src/codegen/main.js"]),
    ],
  };
  return spawnSync(
    "node_modules/.bin/buf",
    ["generate", "--config", JSON.stringify(config), "--template", JSON.stringify(template), protos],
    { cwd: root, encoding: "utf8" },
  );
}

test.each([
  ["ts", "target=ts", "shapes_longrunning.ts"],
  ["js", "target=js", "shapes_longrunning.js"],
  ["dts", "target=dts", "shapes_longrunning.d.ts"],
  ["cjs", "js_import_style=legacy_commonjs", "shapes_longrunning.js"],
])(
  "writes %s as the golden file has it",
  (name, option, file) => {
    const { status, stderr } = generate(name, [option, "import_extension=js"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const written = readFileSync(join(folder, name, "shapes/v1", file), "utf8");
    const golden = join(root, "test/package/codegen/golden", `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === "1") {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, written);
    }
    expect(written).toBe(readFileSync(golden, "utf8"));
  },
  60_000,
);

const PROGRAM = `
import { createOperationsClient, type OperationsClient } from "longrunning";
import { createFakeOperations } from "longrunning/testing";
import { createOtherServiceOperations, createShapeServiceOperations } from "./ts/shapes/v1/shapes_longrunning.js";

export async function typed(operations: OperationsClient): Promise<number> {
  const shapes = createShapeServiceOperations(operations);
  const run = await shapes.makeCircle({ name: "c" });
  for await (const snapshot of run) {
    const percent: number | undefined = snapshot.metadata?.percent;
    // @ts-expect-error metadata has no such field
    snapshot.metadata?.percentage;
    if (percent === 100) break;
  }
  // @ts-expect-error a wrong request
  shapes.makeCircle({ nam: "c" }).catch(() => undefined);
  const response = await run.result();
  // @ts-expect-error a circle has no side
  response?.side;
  shapes.delete.operation("operations/1").name;
  createOtherServiceOperations(operations).constructor$;
  return response?.radius ?? 0;
}

createFakeOperations;
createOperationsClient;
`;

test("what it writes compiles under strict settings, with the types of the proto, and has no cast", () => {
  expect(generate("ts", ["target=ts", "import_extension=js"]).status).toBe(0);
  const written = join(folder, "ts/shapes/v1/shapes_longrunning.ts");
  const typed = join(folder, "typed.ts");
  writeFileSync(typed, PROGRAM);
  const program = ts.createProgram([written, typed], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    isolatedDeclarations: true,
    erasableSyntaxOnly: true,
    declaration: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  });
  // The enums of protoc-gen-es are not erasable.
  const problems = [written, typed].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
  expect(problems).toEqual([]);
  expect(readFileSync(written, "utf8").replace(/\/\*[\s\S]*?\*\//g, "")).not.toMatch(/\bas\b|\bany\b/);
}, 120_000);

test("a type that is not among the inputs is an error that names method, type and what to add", () => {
  const protos = join(folder, "missing");
  mkdirSync(join(protos, "m/v1"), { recursive: true });
  writeFileSync(
    join(protos, "m/v1/m.proto"),
    `syntax = "proto3"; package m.v1; import "google/longrunning/operations.proto";
     message R {}
     service S { rpc Go(R) returns (google.longrunning.Operation) {
       option (google.longrunning.operation_info) = { response_type: "Nowhere" metadata_type: "R" }; } }`,
  );
  const { status, stderr } = generate("missing-out", ["target=ts"], protos.slice(root.length + 1));
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    'm.v1.S.Go: google.longrunning.operation_info: response_type "Nowhere" is not among the inputs; import',
  );
}, 60_000);

const RUN = `
import { createOperationsClient } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { startEmulator } from "longrunning/emulator";
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { OperationSchema } from "longrunning/gen/google/longrunning/operations_pb";
import { createShapeServiceOperations } from "./js/shapes/v1/shapes_longrunning.js";
import { CircleSchema, ShapeService } from "./js/shapes/v1/shapes_pb.js";

const seen = [];
const emulator = await startEmulator();
const done = (value) => create(OperationSchema, { name: "operations/1", done: true, result: { case: "response", value } });
emulator.serve(ShapeService, {
  makeCircle: () => done(anyPack(CircleSchema, create(CircleSchema, { radius: 2.5 }))),
  makeOnce: (request) => (seen.push(request.requestId), done(anyPack(CircleSchema, create(CircleSchema)))),
});
const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
const shapes = createShapeServiceOperations(createOperationsClient({ transport }));
const run = await shapes.makeCircle({ name: "c" });
const { radius } = await run.result();
await shapes.makeOnce({ name: "a" });
await shapes.makeOnce({ name: "a", requestId: "mine" });
await shapes.makeOnce({ name: "a" }, { requestId: false });
await transport.close();
await emulator.close();
console.log(JSON.stringify({ radius, filled: /^[0-9a-f-]{36}$/.test(seen[0]), rest: seen.slice(1) }));
`;

test("what it writes starts operations, typed, and fills in a request's id", () => {
  expect(generate("js", ["target=js", "import_extension=js"]).status).toBe(0);
  writeFileSync(join(folder, "run.mjs"), RUN);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "run.mjs")], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ stdout, stderr }).toEqual({
    stdout: `${JSON.stringify({ radius: 2.5, filled: true, rest: ["mine", ""] })}\n`,
    stderr: "",
  });
}, 60_000);
