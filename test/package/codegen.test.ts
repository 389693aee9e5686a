// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
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

const OPTIONS = {
  ts: ["target=ts", "import_extension=js"],
  js: ["target=js", "import_extension=js"],
  dts: ["target=dts", "import_extension=js"],
  cjs: ["js_import_style=legacy_commonjs", "import_extension=js"],
};
const OURS = [process.execPath, "dist/node/src/codegen/main.js"];
const BOTH = [["node_modules/.bin/protoc-gen-es"], OURS];

const runs = new Map<string, ReturnType<typeof generate>>();

/** Runs both plugins over the protos of every shape, once for each of these. */
function generateShapes(out: keyof typeof OPTIONS) {
  const run = runs.get(out) ?? generate(out, OPTIONS[out], PROTO, BOTH);
  runs.set(out, run);
  return run;
}

/** Runs plugins over the protos of a folder, by buf, into another. */
function generate(out: string, options: readonly string[], protos: string, plugins: string[][]) {
  const config = { version: "v2", modules: [{ path: "proto" }, { path: protos }] };
  const plugin = (local: string[]) => ({
    local,
    out: join(folder, out),
    opt: options,
    include_imports: true,
    strategy: "all",
  });
  const template = { version: "v2", plugins: plugins.map(plugin) };
  return spawnSync(
    "node_modules/.bin/buf",
    ["generate", "--config", JSON.stringify(config), "--template", JSON.stringify(template), protos],
    { cwd: root, encoding: "utf8" },
  );
}

/** What the plugin wrote below a folder, file after file. */
function written(out: string): string {
  const from = join(folder, out);
  return readdirSync(from, { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("_longrunning."))
    .sort()
    .map((path) => `${"=".repeat(10)} ${path}\n${readFileSync(join(from, path), "utf8")}`)
    .join("\n");
}

test.each(["ts", "js", "dts", "cjs"] as const)(
  "writes %s as the golden file has it",
  (name) => {
    const { status, stderr } = generateShapes(name);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const golden = join(root, "test/package/codegen/golden", `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, written(name));
    expect(written(name)).toBe(readFileSync(golden, "utf8"));
  },
  60_000,
);

/** A program of the user's, in a folder beside what was generated. */
const program = (out: string) => `
import type { OperationHandle, OperationsClient } from "longrunning";
import { createFakeOperations } from "longrunning/testing";
import { type Circle, CircleSchema, type Progress } from "./${out}/shapes/v1/shapes_pb.js";
import { createOtherServiceOperations, createShapeServiceOperations, ShapeServiceOperations } from "./${out}/shapes/v1/shapes_longrunning.js";
import { createShapeServiceOperations as createBeta } from "./${out}/shapes/v1beta1/shapes_longrunning.js";
import type { Any, Empty, Struct } from "@bufbuild/protobuf/wkt";

export async function typed(operations: OperationsClient): Promise<number> {
  const shapes = createShapeServiceOperations(operations);
  const run: OperationHandle<Circle, Progress> = await shapes.makeCircle({ name: "c" });
  for await (const snapshot of run) {
    const percent: number | undefined = snapshot.metadata?.percent;
    // @ts-expect-error metadata has no such field
    snapshot.metadata?.percentage;
    if (percent === 100) break;
  }
  // @ts-expect-error a wrong request
  shapes.makeCircle({ nam: "c" }).catch(() => undefined);
  // @ts-expect-error a field of another type
  shapes.makeCircle({ name: 1 }).catch(() => undefined);
  // @ts-expect-error the types are the method's
  shapes.makeCircle({}, { response: CircleSchema }).catch(() => undefined);
  const response = await run.result();
  // @ts-expect-error a circle has no side
  response?.side;
  const deleted: OperationHandle<Empty, Struct> = shapes.delete.operation("operations/1");
  const any: Any | undefined = await (await shapes.makeOnce({}, { requestId: false })).result();
  const diameter: bigint | undefined = (await (await createBeta(operations).makeCircle({ title: "c" })).result())?.diameter;
  // @ts-expect-error a request of the other version
  createBeta(operations).makeCircle({ name: "c" }).catch(() => undefined);
  createOtherServiceOperations(operations).constructor$;
  return (response?.radius ?? 0) + Number(diameter) + deleted.name.length + (any?.value.length ?? 0);
}

const fake = createFakeOperations();
fake.serve(ShapeServiceOperations, {
  makeCircle: (request) => ({ radius: request.name.length }),
  makeSquare: (_, course) => course({ durationMs: 5, metadata: { note: "n" }, response: { x: 1n } }),
  delete: async () => ({}),
  look: ({ name }) => ({ radius: name.length }),
});
// @ts-expect-error a circle has no side
fake.serve(ShapeServiceOperations, { makeCircle: () => ({ side: 1 }) });
`;

const STRICT: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedDeclarations: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  declaration: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

/** What the compiler finds wrong in files; those beside them may be of any kind: an enum of protoc-gen-es is not erasable. */
function problems(files: readonly string[], options: ts.CompilerOptions): string[] {
  const compiled = ts.createProgram([...files], options);
  return files.flatMap((file) =>
    ts
      .getPreEmitDiagnostics(compiled, compiled.getSourceFile(file))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
}

/** The generated files of a folder that the compiler reads. */
const filesIn = (out: string) =>
  readdirSync(join(folder, out), { recursive: true, encoding: "utf8" })
    .filter((path) => /_longrunning(\.d)?\.ts$/.test(path))
    .map((path) => join(folder, out, path));

test("what it writes compiles under strict settings, with the types of the proto, and has no cast", () => {
  expect(generateShapes("ts").status).toBe(0);
  const user = join(folder, "typed.ts");
  writeFileSync(user, program("ts"));
  const files = filesIn("ts");
  expect(files).toHaveLength(4);
  expect(problems([...files, user], STRICT)).toEqual([]);
  for (const file of files) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^import .*$/gm, "");
    expect(code).not.toMatch(/\bas\b|\bany\b|!/);
  }
}, 120_000);

/** Makes the folder of the CommonJS code a package of its own, where this one is installed. */
function makeCommonJsPackage(): void {
  writeFileSync(join(folder, "cjs/package.json"), '{ "type": "commonjs" }');
  // Not below cjs/, whose files are listed: the link leads back to this folder.
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const installed = join(folder, "node_modules/longrunning");
  if (!existsSync(installed)) symlinkSync(root, installed);
}

test("its declarations type a CommonJS program", () => {
  expect(generateShapes("cjs").status).toBe(0);
  makeCommonJsPackage();
  const user = join(folder, "cjs/typed.ts");
  writeFileSync(user, program("."));
  const { verbatimModuleSyntax, ...options } = STRICT;
  expect(problems([...filesIn("cjs"), user], options)).toEqual([]);
}, 120_000);

test.each([
  [
    'response_type: "Nowhere" metadata_type: "R"',
    'response_type "Nowhere" is not among the inputs; import the file that defines it in m/v1/m.proto, or add that file',
  ],
  [
    'response_type: "R" metadata_type: "m.v2.Far"',
    'metadata_type "m.v2.Far" is not among the inputs; import the file that defines it in m/v1/m.proto, or add that file',
  ],
  ['response_type: "R"', "metadata_type is not set (AIP-151 requires it)"],
  ['metadata_type: "R"', "response_type is not set (AIP-151 requires it)"],
])(
  "%s is an error that names method, type and what to add",
  (info, problem) => {
    const protos = mkdtempSync(join(folder, "missing-"));
    mkdirSync(join(protos, "m/v1"), { recursive: true });
    writeFileSync(
      join(protos, "m/v1/m.proto"),
      `syntax = "proto3"; package m.v1; import "google/longrunning/operations.proto";
     message R {}
     service S { rpc Go(R) returns (google.longrunning.Operation) {
       option (google.longrunning.operation_info) = { ${info} }; } }`,
    );
    const { status, stderr } = generate("missing-out", ["target=ts"], relative(root, protos), [OURS]);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`m.v1.S.Go: google.longrunning.operation_info: ${problem}`);
  },
  60_000,
);

const RUN = `
import { createOperationsClient } from "longrunning";
import { createGrpcTransport } from "longrunning/grpc";
import { startEmulator } from "longrunning/emulator";
import { createClient } from "@connectrpc/connect";
import { ShapeService } from "./js/shapes/v1/shapes_pb.js";
import { createShapeServiceOperations, ShapeServiceOperations } from "./js/shapes/v1/shapes_longrunning.js";
import * as beta from "./js/shapes/v1beta1/shapes_longrunning.js";

const ids = [];
const emulator = await startEmulator();
emulator.serve(ShapeServiceOperations, {
  makeCircle: ({ name }) => ({ radius: name.length }),
  makeSquare: (_, course) => course({ durationMs: 0, metadata: { note: "cut" }, response: { x: 7n } }),
  makeOnce: ({ requestId }) => (ids.push(requestId), { typeUrl: "type.googleapis.com/a.B" }),
  look: ({ name }) => ({ radius: name.length }),
});
emulator.serve(beta.ShapeServiceOperations, { makeCircle: ({ title }) => ({ diameter: BigInt(title.length) }) });
const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
const operations = createOperationsClient({ transport });
const shapes = createShapeServiceOperations(operations);
const { radius } = await (await shapes.makeCircle({ name: "four" })).result();
const square = await shapes.makeSquare({});
const { x } = await square.result();
const { metadata: { note } } = await square.poll();
const { diameter } = await (await beta.createShapeServiceOperations(operations).makeCircle({ title: "three" })).result();
const { radius: looked } = await createClient(ShapeService, transport).look({ name: "ab" });
await shapes.makeOnce({ name: "a" });
await shapes.makeOnce({ name: "a", requestId: "mine" });
await shapes.makeOnce({ name: "a" }, { requestId: false });
await transport.close();
await emulator.close();
console.log(JSON.stringify({
  radius, x: String(x), note, diameter: String(diameter), looked,
  filled: /^[0-9a-f-]{36}$/.test(ids[0]), rest: ids.slice(1),
}));
`;

test("what it writes starts and serves operations, typed, in two versions of one API side by side", () => {
  expect(generateShapes("js").status).toBe(0);
  writeFileSync(join(folder, "run.mjs"), RUN);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "run.mjs")], {
    encoding: "utf8",
    cwd: folder,
  });
  const want = {
    ...{ radius: 4, x: "7", note: "cut", diameter: "5", looked: 2 },
    ...{ filled: true, rest: ["mine", ""] },
  };
  expect({ stdout, stderr }).toEqual({ stdout: `${JSON.stringify(want)}\n`, stderr: "" });
}, 60_000);

test("its CommonJS runs", () => {
  expect(generateShapes("cjs").status).toBe(0);
  makeCommonJsPackage();
  const program = `
    const { createFakeOperations } = require("longrunning/testing");
    const { createOperationsClient } = require("longrunning");
    const { createShapeServiceOperations, ShapeServiceOperations } = require("./shapes/v1/shapes_longrunning.js");
    const { transport, clock, serve } = createFakeOperations();
    serve(ShapeServiceOperations, { makeCircle: () => ({ radius: 3 }) });
    createShapeServiceOperations(createOperationsClient({ transport, clock })).makeCircle({})
      .then((run) => run.result()).then(({ radius }) => console.log(radius));`;
  writeFileSync(join(folder, "cjs/run.js"), program);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "cjs/run.js")], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "3\n", stderr: "" });
}, 60_000);
