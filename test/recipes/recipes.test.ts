// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import ts from "typescript";
import { RunReportResponseSchema } from "../../src/admanager.js";
import type { EmulatorOptions } from "../../src/emulator.js";
import { docExamples } from "../architecture/doc-examples.js";
import { root } from "../architecture/source-files.js";
import { type GoogleHosts, startGoogleHosts } from "./google-hosts.js";

// Every recipe and every migration, run as it stands: the programs reach the emulator by Google's own host names, through a proxy.

const folder = join(root, ".doc-examples-recipes");
const examples = ["docs/recipes.md", "docs/migrating.md"].flatMap(docExamples);
const codes = new Map(examples.map(({ name, at, code }) => [name ?? at, code]));
const fileOf = (name: string, extension = "mjs") => join(folder, `${name}.${extension}`);

const parent = "networks/123/operations/reports/runs";
const name = `${parent}/456`;
const spannerOperation = { parent: "projects/p/instances/i/databases/d/operations", id: "o" };
const runs = { durationMs: 600_000, cancelDelayMs: 0 };

const REPORT_DONE = { response: anyPack(RunReportResponseSchema, create(RunReportResponseSchema)) };

/** A program under way. */
interface Program {
  /** Resolves when it has printed a line of this form; rejects if it ends before. */
  printed(line: RegExp): Promise<string>;
  end(): void;
  /** Everything that it printed, once it has ended well. */
  readonly output: Promise<string>;
}

function startProgram(args: readonly string[], env: NodeJS.ProcessEnv): Program {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NO_PROXY: ___, no_proxy: ____, ...own } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const readers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      for (const read of readers) read();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    printed: (line) =>
      new Promise((resolve, reject) => {
        const read = () => {
          const found = line.exec(text)?.[0];
          if (found !== undefined) resolve(found);
        };
        readers.add(read);
        read();
        void ended.then(() => reject(new Error(`${args.join(" ")} ended after ${JSON.stringify(text)}`)));
      }),
    end: () => child.kill("SIGTERM"),
    output: ended.then((status) => {
      if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status} after ${text}`);
      return text;
    }),
  };
}

/** Runs a recipe to its end, or a program that imports it. */
const outputOf = (recipe: string, { env }: GoogleHosts, ...flags: string[]) =>
  startProgram([...flags, fileOf(recipe)], env).output;

/** Writes a program that uses a recipe which is a module. */
function driver(recipe: string, code: string): string {
  const driven = `${recipe}-driver`;
  writeFileSync(fileOf(driven), `import * as recipe from "./${recipe}.mjs";\n${code}\n`);
  return driven;
}

const isCancelled = ({ emulator }: GoogleHosts, operation = name) =>
  emulator.operations.find(operation)?.cancelRequested;

const startRun = ({ emulator }: GoogleHosts) => emulator.operations.start({ parent, id: "456", ...runs });

/** What each recipe does. */
const RECIPES: Record<string, (google: GoogleHosts) => Promise<void>> = {
  log: async (google) => {
    startRun(google);
    google.emulator.faults.add({ kind: "error", code: 14, times: 1 });
    expect(await outputOf("log", google)).toMatch(
      /^CancelOperation Unavailable \d+ ms\nCancelOperation OK \d+ ms\n$/,
    );
  },
  header: async (google) => {
    startRun(google);
    await outputOf("header", google);
    expect(google.emulator.calls.at(-1)?.headers["x-goog-request-reason"]).toBe("superseded by run 457");
  },
  "api-key": async (google) => {
    google.emulator.operations.start(spannerOperation);
    await outputOf("api-key", google);
    expect(Object.keys(google.emulator.calls[0]?.headers ?? {})).toContain("x-goog-api-key");
    expect(google.tokenRequests).toEqual([]);
  },
  proxy: async (google) => {
    google.emulator.operations.start(spannerOperation);
    const code = codes.get("proxy")?.replace("proxy.example.com:3128", `127.0.0.1:${google.proxy.port}`);
    compile("proxy", code ?? "");
    const { HTTPS_PROXY: _, https_proxy: __, ...env } = google.env;
    await outputOf("proxy", { ...google, env });
    expect(google.proxy.heads).toEqual([
      expect.stringMatching(/^CONNECT spanner\.googleapis\.com:443 HTTP\/1\.1\r\n/),
    ]);
    const credential = Buffer.from("user:password").toString("base64");
    expect(google.proxy.heads[0]?.toLowerCase()).toContain(
      `proxy-authorization: basic ${credential}`.toLowerCase(),
    );
  },
  "custom-ca": async (google) => {
    google.emulator.operations.start({ id: "1" });
    const { NODE_EXTRA_CA_CERTS: _, ...env } = google.env;
    await outputOf("custom-ca", { ...google, env });
    expect(isCancelled(google, "operations/1")).toBe(true);
  },
  impersonated: async (google) => {
    startRun(google);
    await outputOf("impersonated", google);
    expect(google.tokenRequests).toEqual([
      "/token",
      "/v1/projects/-/serviceAccounts/robot@project.iam.gserviceaccount.com:generateAccessToken",
    ]);
    expect(isCancelled(google)).toBe(true);
  },
  federated: async (google) => {
    startRun(google);
    await outputOf("federated", google);
    expect(google.tokenRequests).toEqual(["/v1/token"]);
    expect(isCancelled(google)).toBe(true);
  },
  sigterm: async (google) => {
    // Windows ends a process without a signal: there, the program sends it to itself.
    const flags = process.platform === "win32" ? ["--import", SIGTERM_TO_ITSELF] : [];
    const program = startProgram([...flags, fileOf("sigterm")], google.env);
    await program.printed(/started .*\n/);
    if (process.platform !== "win32") program.end();
    expect((await program.output).split("\n")[1]).toBe("cancelled");
  },
  progress: async (google) => {
    google.emulator.operations.start({ parent, id: "456", durationMs: 0 });
    expect(await outputOf("progress", google)).toBe("\r#################### 100 % succeeded\n");
  },
  many: async (google) => {
    for (const id of ["1", "3"]) google.emulator.operations.start({ parent, id, durationMs: 0 });
    const lines = (await outputOf("many", google)).trim().split("\n");
    expect(lines.sort()).toEqual([`${parent}/1 succeeded`, `${parent}/2 error`, `${parent}/3 succeeded`]);
  },
  express: async (google) => {
    const announce = `import { Server } from "node:http";
      const { listen } = Server.prototype;
      Server.prototype.listen = function (...args) {
        return listen.apply(this, args).once("listening", () => console.log("port", this.address().port));
      };`;
    const flags = ["--import", `data:text/javascript,${encodeURIComponent(announce)}`];
    const program = startProgram([...flags, fileOf("express")], { ...google.env, PORT: "0" });
    const port = /\d+/.exec(await program.printed(/port \d+\n/))?.[0];
    const call = async (method: string, path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { connection: "close" },
      });
      return [response.status, await response.text()];
    };
    const started = `{"name":"${parent}/1"}`;
    expect(await call("POST", "/reports/789/runs")).toEqual([202, started]);
    expect(await call("GET", `/runs?name=${parent}/1`)).toEqual([200, '{"state":"running"}']);
    expect(await call("DELETE", `/runs?name=${parent}/1`)).toEqual([202, ""]);
    expect(await call("GET", `/runs?name=${parent}/2`)).toEqual([404, '{"reason":"not-found"}']);
    expect(await call("GET", "/runs?name=../secrets")).toEqual([400, '{"reason":"invalid-argument"}']);
    expect(isCancelled(google, `${parent}/1`)).toBe(true);
    program.end();
    if (process.platform !== "win32") await program.output;
  },
  nest: async (google) => {
    startRun(google);
    expect(await outputOf("nest", google)).toBe("cancelled\n");
  },
  next: async (google) => {
    const code = `const { name } = await recipe.startReport("networks/123/reports/789");
      console.log(name, await recipe.stopReport(name));`;
    expect(await outputOf(driver("next", code), google)).toMatch(
      /^networks\/123\/operations\/reports\/runs\/1 (running|cancelled)\n$/,
    );
  },
  lambda: async (google) => {
    const code = "console.log(JSON.stringify(await recipe.handler(JSON.parse(process.argv[2]))));";
    const step = async (event: object): Promise<{ state: string; saved: { name: string } }> =>
      JSON.parse(
        await startProgram([fileOf(driver("lambda", code)), JSON.stringify(event)], google.env).output,
      );
    const first = await step({ report: "networks/123/reports/789" });
    expect(first.state).toBe("running");
    google.emulator.operations.finish(first.saved.name, REPORT_DONE);
    expect(await step(first)).toMatchObject({ state: "succeeded" });
  },
  "cloud-functions": async (google) => {
    const code = `for (const body of [{ report: "networks/123/reports/789" }, JSON.parse(process.argv[2])])
      await recipe.report({ body }, { status: (code) => ({ json: ({ saved }) => console.log(code, saved) }) });`;
    startRun(google);
    google.emulator.operations.finish(name, REPORT_DONE);
    const args = [
      fileOf(driver("cloud-functions", code)),
      JSON.stringify({ saved: JSON.stringify({ version: 1, name }) }),
    ];
    expect(await startProgram(args, google.env).output).toMatch(/^503 \{.*\/1".*\n200 \{.*\/456".*\n$/);
  },
  worker: async (google) => {
    startRun(google);
    // Node's fetch knows no proxy: the Worker's client gets the emulator's address.
    const baseUrl = JSON.stringify(google.emulator.baseUrl);
    const code = codes.get("worker")?.replace("{ auth:", `{ baseUrl: ${baseUrl}, auth:`);
    compile("worker", code ?? "");
    const driven = driver(
      "worker",
      `for (const name of ["${name}", "${parent}/7"]) {
        const request = new Request("https://worker.example/?name=" + name);
        const response = await recipe.default.fetch(request, { TOKEN: "token" });
        console.log(response.status, await response.text());
      }`,
    );
    expect(await outputOf(driven, google, "--conditions=workerd")).toBe("202 accepted\n502 not-found\n");
    expect(isCancelled(google)).toBe(true);
  },
};

/** What each block of docs/migrating.md does. */
const MIGRATIONS: Record<string, (google: GoogleHosts) => Promise<void>> = {
  "admanager-before": async (google) => {
    leadOfficial("admanager-before", google);
    expect(await outputOf("admanager-before", google)).toMatch(RESULT);
  },
  "admanager-after": async (google) =>
    expect(await outputOf("admanager-after", google)).toMatch(new RegExp(`succeeded 100\n${RESULT.source}`)),
  "take-over": async (google) => {
    leadOfficial("take-over", google);
    expect(await outputOf("take-over", google)).toBe("cancelled\n");
  },
  "gax-before": async (google) => {
    google.emulator.operations.start({ id: "1", ...runs });
    expect(await outputOf(driver("gax-before", gaxClient(google)), google)).toBe("failed, code 1\n");
  },
  "gax-after": async (google) => {
    google.emulator.operations.start({ id: "1", ...runs });
    const code = `import { createOperationsClient, createRestTransport } from "longrunning";
      const transport = createRestTransport({ baseUrl: "https://operations.example.com" });
      console.log(await recipe.stop(createOperationsClient({ transport }), "operations/1"));`;
    expect(await outputOf(driver("gax-after", code), google)).toBe("cancelled\n");
  },
};

/** Gives the official client the emulator's address: its requests know no proxy. */
function leadOfficial(example: string, { emulator }: GoogleHosts): void {
  const options = `{ apiEndpoint: "127.0.0.1", port: ${emulator.port} }`;
  const code = codes.get(example)?.replace("ReportServiceClient()", `ReportServiceClient(${options})`);
  compile(example, code ?? "");
}

const RESULT = /networks\/123\/reports\/789\/results\/\d+\n$/;

/** A program with google-gax's own client of operations. */
const gaxClient = ({ emulator }: GoogleHosts) => `
  import { createRequire } from "node:module";
  import gax from "google-gax";
  import { PassThroughClient } from "google-auth-library";
  import { dirname, join } from "node:path";
  const require = createRequire(import.meta.url);
  const protos = require(join(dirname(require.resolve("google-gax")), "../protos/operations.json"));
  const protoJson = new gax.fallback.GrpcClient({ fallback: "rest" }).loadProtoJSON(protos, true);
  const httpRules = [{ selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name=operations/**}" }];
  const client = gax.fallback.lro({ auth: new PassThroughClient(), protoJson, httpRules })
    .operationsClient({ servicePath: "127.0.0.1", port: ${emulator.port}, protocol: "https", fallback: "rest" });
  console.log(await recipe.stop(client, "operations/1"));`;

/** Run in a browser, by test/browser/react.browser.ts; compiled here. */
const IN_A_BROWSER = ["react"];

const SIGTERM_TO_ITSELF = `data:text/javascript,${encodeURIComponent(
  'const { log } = console; console.log = (...line) => { log(...line); if (line[0] === "started") setTimeout(() => process.emit("SIGTERM")); };',
)}`;

const COMPILER_OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
};

/** Writes a recipe as the program that Node runs. */
function compile(recipe: string, code: string): void {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
  };
  writeFileSync(fileOf(recipe), ts.transpileModule(code, { compilerOptions }).outputText);
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const [recipe, code] of codes) {
    writeFileSync(fileOf(recipe, "mts"), code);
    compile(recipe, code);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every block of the two pages runs here", () => {
  const run = [...Object.keys({ ...RECIPES, ...MIGRATIONS }), ...IN_A_BROWSER];
  expect([...codes.keys()].sort()).toEqual(run.sort());
  console.log(
    `docs/recipes.md, docs/migrating.md: ${run.length} blocks run, ${examples.length - run.length} skipped`,
  );
});

test("every block compiles under strict settings, against the built package", () => {
  const program = ts.createProgram(
    [...codes.keys()].map((recipe) => fileOf(recipe, "mts")),
    COMPILER_OPTIONS,
  );
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  expect(problems).toEqual([]);
}, 120_000);

test.each(Object.entries({ ...RECIPES, ...MIGRATIONS }))(
  "the example %s does what it says",
  async (example, check) => {
    const reportRuns = example.startsWith("admanager") ? { durationMs: 0 } : runs;
    const options: EmulatorOptions = { reportRuns, httpRules: [SPANNER_RULE] };
    await check(await startGoogleHosts(folder, options));
  },
  60_000,
);

const SPANNER_RULE = {
  selector: "google.longrunning.Operations.CancelOperation",
  post: "/v1/{name=projects/*/instances/*/databases/*/operations/*}:cancel",
};
