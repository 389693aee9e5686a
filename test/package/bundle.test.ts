// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { startEmulator } from "../../src/emulator.js";
import { root } from "../architecture/source-files.js";

const PROGRAM = `
  import { createOperationsClient } from "longrunning";
  import { createAdManagerClient } from "longrunning/admanager";
  import { createGrpcTransport } from "longrunning/grpc";
  import { OperationSchema } from "longrunning/gen/google/longrunning/operations_pb";
  const [, , baseUrl, name] = process.argv;
  const transport = createGrpcTransport({ baseUrl });
  createAdManagerClient({ baseUrl, polling: { initialMs: 10 } })
    .cancelAndWait(name)
    .then(({ state }) => console.log(state))
    .then(() => createOperationsClient({ transport }).getOperation(name))
    .then(({ $typeName, name }) => console.log($typeName === OperationSchema.typeName, name));
`;

const folder = mkdtempSync(join(tmpdir(), "longrunning-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program for browsers, and the bytes of it that come from `src/apis`. */
async function bundled(contents: string) {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    tsconfigRaw: "{}",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const ofApis = used.filter(([file]) => file.includes("/src/apis"));
  const code = outputFiles[0]?.text ?? "";
  return {
    code,
    gzipKB: gzipSync(code).length / 1000,
    bytes: ofApis.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  };
}

/** What a program may take in a browser, minified by esbuild and gzipped, in kB: what it takes, and about one in a hundred more. */
test.each([
  [1, 'import { isCallError } from "longrunning"; console.log(isCallError({}));'],
  [
    55.8,
    'import { cancelOperation, createRestTransport } from "longrunning";' +
      'await cancelOperation(createRestTransport({ baseUrl: "https://example.com" }), "operations/1");',
  ],
  ...Object.entries({
    getOperation: 56,
    deleteOperation: 55.8,
    listOperations: 57.4,
    createOperationHandle: 63.7,
    watchOperations: 61,
    waitOperations: 64.3,
    cancelOperations: 65.8,
  }).map(([name, maxKB]): [number, string] => [
    maxKB,
    `import { ${name}, createRestTransport } from "longrunning";` +
      `${name}(createRestTransport({ baseUrl: "https://example.com" }), "operations/1");`,
  ]),
  [
    71.2,
    'import { createOperationsClient, createRestTransport } from "longrunning";' +
      'const transport = createRestTransport({ baseUrl: "https://example.com" });' +
      'await createOperationsClient({ transport }).cancelOperation("operations/1");',
  ],
])("at most %p kB: %s", async (maxKB, program) => {
  const { gzipKB } = await bundled(program);
  expect(gzipKB).toBeLessThan(maxKB);
});

test("a cancel without a client brings no other calls, no bulk, no service config, no events and nothing of a server", async () => {
  const { code } = await bundled(
    `import { cancelOperation, createRestTransport } from "longrunning"; console.log(cancelOperation, createRestTransport);`,
  );
  expect(code).toContain("aborted by the caller");
  expect(code).not.toMatch(/waitOperations|watchOperations|methodConfig|WaitTimeoutError/);
  expect(code).not.toMatch(/\bphase:|the response is about another operation/);
  expect(code).not.toMatch(/an RFC 3339 timestamp|a name of the enum|not the URL of a proxy/);
});

test("a bundle for browsers has no error codes of Node, and no stubs that its methods do not need", async () => {
  const { code } = await bundled(
    'import * as all from "longrunning"; console.log(all.createOperationsClient, all.createRestTransport);',
  );
  expect(code).toContain("NetworkError when attempting to fetch resource");
  expect(code).not.toMatch(/ECONNREFUSED|UND_ERR_|ERR_SSL/);
  const files = ["google/api/httpbody.proto", "google/ads/admanager/v1/admanager_error.proto"];
  // A stub begins with the length and the name of its file, in base64; that of one that is needed shows the form.
  const stubOf = (file: string) =>
    Buffer.from(`\n${String.fromCharCode(file.length)}${file}`).toString("base64");
  expect(code).toContain(stubOf("google/api/http.proto").slice(0, 24));
  for (const file of files) expect(code).not.toContain(stubOf(file).slice(0, 24));
});

test("the catalogue of APIs is in the bundle of those alone who import it", async () => {
  for (const entry of ["", "/admanager", "/auth", "/testing"]) {
    const { code, bytes } = await bundled(`import * as all from "longrunning${entry}"; console.log(all);`);
    expect({ entry, bytes, hasHost: code.includes("aiplatform") }).toEqual({
      entry,
      bytes: 0,
      hasHost: false,
    });
  }
  const { code, bytes } = await bundled(
    `import { createApiClient } from "longrunning/apis"; console.log(createApiClient);`,
  );
  expect(code).toContain("aiplatform");
  expect(bytes).toBeGreaterThan(10_000);
});

test("a program that is bundled into one file for Node works, and has each module once", async () => {
  const outfile = join(folder, "program.cjs");
  const { metafile } = await build({
    stdin: { contents: PROGRAM, resolveDir: root, sourcefile: "program.js" },
    bundle: true,
    platform: "node",
    format: "cjs",
    tsconfigRaw: "{}",
    external: ["google-auth-library"],
    outfile,
    metafile: true,
    logLevel: "silent",
  });
  const files = Object.keys(metafile.inputs).filter((file) => file.startsWith("dist/"));
  expect(files.filter((file) => !file.startsWith("dist/esm/"))).toEqual([]);
  const emulator = await startEmulator();
  const name = emulator.operations.start({ parent: "networks/1/operations/reports/runs" });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, emulator.baseUrl, name]);
  expect(stdout).toBe(`cancelled\ntrue ${name}\n`);
  await emulator.close();
});
