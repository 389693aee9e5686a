// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import ts from "typescript";
import { RunReportMetadataSchema } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { ReportService } from "../../src/admanager.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import type { CallErrorReason } from "../../src/index.js";
import { type DocExample, docExamples } from "./doc-examples.js";
import { root } from "./source-files.js";

/** A folder inside the package, so that `longrunning` means this package as it was built. */
const folder = join(root, ".doc-examples");

interface Run {
  /** What the example prints; each line is found in order. */
  readonly prints: readonly (string | RegExp)[];
  /** What the server has before it runs. */
  prepare?(emulator: Emulator): void;
}

const runs = "networks/123/operations/reports/runs";
const quick = { parent: runs, id: "456", durationMs: 30_000, cancelDelayMs: 1 } as const;
const spanner = { parent: "projects/p/instances/i/databases/d/operations", id: "o" };

/** The documents whose TypeScript examples are executed here. */
const DOCUMENTS = [
  "README.md",
  "docs/admanager.md",
  "docs/apis.md",
  "docs/observability.md",
  "docs/operations.md",
  "docs/authentication.md",
  "docs/errors.md",
  "docs/start.md",
  "docs/transports.md",
  "docs/scale.md",
];

/** What each example does, run against the emulator. */
const RUNS: Record<string, Run> = {
  cancel: {
    prepare: ({ operations }) => operations.start(quick),
    prints: ["cancelled, code 1", "succeeded 100", "2026-01-01 0n"],
  },
  "cancel-only": { prepare: ({ operations }) => operations.start(quick), prints: ["accepted"] },
  "cancel-and-wait": {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 1_000, onCancel: "unsupported" }),
    prints: ["succeeded"],
  },
  poll: { prepare: ({ operations }) => operations.start({ ...quick, durationMs: 0 }), prints: ["undefined"] },
  get: { prepare: ({ operations }) => operations.start(quick), prints: [/^false (undefined|\d+)$/] },
  "own-types": {
    prepare: ({ operations }) =>
      operations.start({
        id: "1",
        metadata: anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { percentComplete: 42 })),
      }),
    prints: ["42", "  percentComplete: 42"],
  },
  watch: {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 1 }),
    prints: ["succeeded undefined"],
  },
  wait: {
    prepare: ({ operations }) =>
      operations.start({ ...quick, durationMs: 1, error: { code: 9, message: "no rows" } }),
    prints: ["9 no rows"],
  },
  start: { prints: [/^networks\/123\/operations\/reports\/runs\/\d+ running$/] },
  "start-any": { prints: [/^networks\/123\/operations\/reports\/runs\/\d+$/] },
  resume: {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 1 }),
    prints: ["succeeded"],
  },
  list: {
    prepare: ({ operations }) => {
      for (const id of ["a", "b"]) operations.start({ id, durationMs: 0 });
    },
    prints: ["operations/a", "operations/b"],
  },
  bulk: {
    prepare: ({ operations }) => {
      for (const id of ["1", "3"]) operations.start({ ...quick, id, cancelDelayMs: 0 });
    },
    prints: [`${runs}/1 cancelled`, `${runs}/2 error`, `${runs}/3 cancelled`],
  },
  "service-config": { prepare: ({ operations }) => operations.start(spanner), prints: [] },
  "any-api": { prepare: ({ operations }) => operations.start(spanner), prints: [] },
  "apis-cancel": { prepare: ({ operations }) => operations.start(spanner), prints: [] },
  grpc: { prepare: ({ operations }) => operations.start(spanner), prints: [] },
  auth: { prepare: ({ operations }) => operations.start({ id: "1" }), prints: [] },
  "start-page": { prints: [/^started networks\/123\/operations\/reports\/runs\/\d+$/, "cancelled"] },
  browser: { prepare: ({ operations }) => operations.start({ id: "1" }), prints: [] },
  "browser-cancel": {
    prepare: ({ operations }) => operations.start({ id: "1", cancelDelayMs: 0 }),
    prints: ["cancelled"],
  },
  interceptor: {
    prepare: ({ operations }) => operations.start(quick),
    prints: [/^CancelOperation http.*\/runs\/456:cancel$/],
  },
  "scale-hand-over": {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 0 }),
    prints: ["succeeded"],
  },
  "take-over-run": { prepare: ({ operations }) => operations.start(quick), prints: ["cancelled"] },
  "report-rows": { prints: [/^running \d+$/, "succeeded 100", "first 9223372036854775807 0", "rows 10"] },
  "report-pages": { prints: ["10 rows of 10"] },
  "report-table": { prints: ["LINE_ITEM_ID dimension undefined", "2026-01-04 9 a,b3"] },
  "find-report": {
    prepare: ({ serve }) =>
      serve(ReportService, {
        listReports: () => ({ reports: [{ name: "networks/123/reports/7", displayName: "Daily" }] }),
      }),
    prints: ["networks/123/reports/7"],
  },
  "replace-run": {
    prepare: ({ operations }) => operations.start(quick),
    prints: [/^started networks\/123\/operations\/reports\/runs\/\d+$/, "cancelled"],
  },
  errors: { prints: [`gone: ${runs}/unknown`] },
  "observe-progress": {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 1 }),
    prints: [/^poll \d+: succeeded$/],
  },
  "observe-quota": {
    prepare: ({ operations }) => operations.start({ ...quick, durationMs: 0 }),
    prints: ["Map(1) { 'google.longrunning.Operations.GetOperation' => 1 }"],
  },
  "observe-alert": {
    prepare: ({ operations }) => operations.start(quick),
    prints: [`still open: wait ${runs}/456`, "open now: 0"],
  },
  "observe-otel": {
    prepare: ({ operations }) => operations.start(quick),
    prints: [
      "  name: 'google.longrunning.Operations/CancelOperation',",
      /^ {4}'rpc\.system\.name': 'http',$/,
    ],
  },
  "observe-pino": { prints: [/^\{"level":50,.*"reason":"not-found".*"stack":"ConnectError: /] },
  "observe-cloud-logging": { prints: [/^\{"severity":"WARNING","message":.*"stack_trace":/] },
  emulator: { prints: [/POST \/v1\/networks\/123\/operations\/reports\/runs\/\d+:cancel HTTP\/1\.1 -> OK/] },
};

/** Every reason of a CallError. The type makes this list complete. */
const REASONS = {
  "cancel-unsupported": true,
  unimplemented: true,
  "not-found": true,
  "already-exists": true,
  "permission-denied": true,
  unauthenticated: true,
  "failed-precondition": true,
  "invalid-argument": true,
  "rate-limited": true,
  "response-too-large": true,
  unavailable: true,
  "deadline-exceeded": true,
  aborted: true,
  "aborted-by-caller": true,
  "cancelled-call": true,
  "out-of-range": true,
  internal: true,
  unknown: true,
  "data-loss": true,
} satisfies Record<CallErrorReason, true>;

test("docs/errors.md lists every reason of a CallError, and no other", () => {
  const table = readFileSync(join(root, "docs/errors.md"), "utf8").split("## Reasons")[1] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  const listed = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(listed.sort()).toEqual(Object.keys(REASONS).sort());
});

/** The HTTP rules of an API that is not Google's default, as its service configuration has them. */
const SPANNER_YAML = `
type: google.api.Service
config_version: 3
http:
  rules:
  - selector: google.longrunning.Operations.CancelOperation
    post: '/v1/{name=projects/*/instances/*/databases/*/operations/*}:cancel'
    additional_bindings:
    - post: '/v1/{name=projects/*/instances/*/operations/*}:cancel'
`;

const examples = DOCUMENTS.flatMap(docExamples).filter((example) => example.language === "ts");
const fileOf = (example: DocExample) => join(folder, `${example.name}.mts`);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "spanner.yaml"), SPANNER_YAML);
  for (const example of examples) writeFileSync(fileOf(example), example.code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every example of the documents is one that runs here, and the other way round", () => {
  expect(examples.map((example) => example.name ?? example.at)).toEqual(
    expect.arrayContaining(Object.keys(RUNS)),
  );
  expect(examples.filter((example) => RUNS[example.name ?? ""] === undefined).map(({ at }) => at)).toEqual(
    [],
  );
});

test("every example of the documents compiles under strict settings, against the built package", () => {
  const program = ts.createProgram(examples.map(fileOf), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ["node"],
  });
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  expect(problems).toEqual([]);
}, 120_000);

test.each(examples.map((example) => [example.name ?? example.at, example] as const))(
  "the example %s does what its text says",
  async (name, example) => {
    const emulator = await startEmulator({ httpRules: [spannerRule], reportRows: () => 10 });
    try {
      RUNS[name]?.prepare?.(emulator);
      const { outputText } = ts.transpileModule(pointed(example.code, emulator.baseUrl), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      const file = join(folder, `${name}.mjs`);
      writeFileSync(file, outputText);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], {
        cwd: folder,
        timeout: 30_000,
      });
      const lines = `${stdout}${stderr}`.split("\n");
      for (const wanted of RUNS[name]?.prints ?? []) {
        expect(lines).toContainEqual(typeof wanted === "string" ? wanted : expect.stringMatching(wanted));
      }
      expect(emulator.calls.filter((call) => call.method === undefined)).toEqual([]);
    } finally {
      await emulator.close();
    }
  },
  60_000,
);

const spannerRule = {
  selector: "google.longrunning.Operations.CancelOperation",
  post: "/v1/{name=projects/*/instances/*/databases/*/operations/*}:cancel",
};

/** The example with the emulator in Google's place, and nothing else changed. */
function pointed(code: string, baseUrl: string): string {
  return code
    .replaceAll("createAdManagerClient()", `createAdManagerClient({ baseUrl: "${baseUrl}" })`)
    .replaceAll(
      "createAdManagerClient({ interceptors",
      `createAdManagerClient({ baseUrl: "${baseUrl}", interceptors`,
    )
    .replaceAll("createAdManagerClient({ observer", `createAdManagerClient({ baseUrl: "${baseUrl}", observer`)
    .replaceAll(/createApiClient\(("\w+")\)/g, `createApiClient($1, { baseUrl: "${baseUrl}" })`)
    .replaceAll(/https:\/\/\w+\.googleapis\.com/g, baseUrl);
}
