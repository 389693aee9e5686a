// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A program of a browser that calls one function over REST. */
const calling = (name) => [
  `longrunning: ${name} over REST`,
  "browser",
  `import { ${name}, createRestTransport } from "longrunning"; ` +
    `${name}(createRestTransport({ baseUrl: "https://example.com" }), "operations/1");`,
];

/** Title, platform, the program to bundle, and the key of its figure for the targets. */
const SUBJECTS = [
  [...calling("cancelOperation"), "cancel"],
  [
    "Connect's client over connect-web: cancelOperation",
    "browser",
    'import { createClient } from "@connectrpc/connect"; import { createConnectTransport } from "@connectrpc/connect-web"; ' +
      'import { Operations } from "longrunning/gen/google/longrunning/operations_pb"; ' +
      'createClient(Operations, createConnectTransport({ baseUrl: "https://example.com" })).cancelOperation({ name: "operations/1" });',
    "connect-web",
  ],
  [
    "longrunning: isCallError",
    "browser",
    'import { isCallError } from "longrunning"; console.log(isCallError);',
  ],
  calling("getOperation"),
  calling("listOperations"),
  calling("createOperationHandle"),
  calling("watchOperations"),
  calling("waitOperations"),
  calling("cancelOperations"),
  [
    "longrunning: client and REST transport",
    "browser",
    'import { createOperationsClient, createRestTransport } from "longrunning"; ' +
      "console.log(createOperationsClient, createRestTransport);",
    "client",
  ],
  [
    "longrunning/admanager: client",
    "browser",
    'import { createAdManagerClient } from "longrunning/admanager"; console.log(createAdManagerClient);',
  ],
  [
    "longrunning/apis: a cancel in Spanner by name",
    "browser",
    'import { createApiClient } from "longrunning/apis"; createApiClient("spanner").cancelOperation("projects/p");',
  ],
  [
    "longrunning and longrunning/grpc",
    "node",
    'import { createOperationsClient } from "longrunning"; import { createGrpcTransport } from "longrunning/grpc"; ' +
      "console.log(createOperationsClient, createGrpcTransport);",
  ],
  ["google-gax", "node", 'import { lro } from "google-gax"; console.log(lro);'],
  [
    "@google-ads/admanager: client for reports",
    "node",
    'import { ReportServiceClient } from "@google-ads/admanager"; console.log(ReportServiceClient);',
  ],
];

export const name = "bundle";

export async function measure() {
  const rows = [];
  const samples = {};
  for (const [title, platform, contents, key] of SUBJECTS) {
    const code = await bundledByEsbuild(contents, platform);
    const gzipBytes = gzipSync(code).length;
    const rolldownBytes = gzipSync(await bundledByRolldown(contents, platform)).length;
    rows.push([title, platform, kilobytes(code.length), kilobytes(gzipBytes), kilobytes(rolldownBytes)]);
    if (key !== undefined) samples[key] = [gzipBytes / 1000];
  }
  return {
    title: "Bundle",
    how: "minified; one file",
    columns: ["program", "platform", "KB by esbuild", "gzipped", "by rolldown, gzipped"],
    rows,
    samples,
  };
}

async function bundledByEsbuild(contents, platform) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    // What is built is bundled, as a user of the package would: the paths of this repository do not count.
    tsconfigRaw: {},
    minify: true,
    write: false,
    format: "esm",
    platform,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

async function bundledByRolldown(contents, platform) {
  const input = fileURLToPath(new URL("../program.mjs", import.meta.url)); // not a file: the plugin gives its text
  const program = {
    name: "program",
    resolveId: (id) => (id === input ? id : null),
    load: (id) => (id === input ? contents : null),
  };
  const bundle = await rolldown({ input, platform, plugins: [program], tsconfig: false, logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting: false });
  return output[0].code;
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
