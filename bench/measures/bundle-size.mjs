// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Title, platform, the program to bundle, and the key of its figure for the targets. */
const SUBJECTS = [
  [
    "longrunning: cancelOperation over REST",
    "browser",
    'import { cancelOperation, createRestTransport } from "longrunning"; ' +
      'cancelOperation(createRestTransport({ baseUrl: "https://example.com" }), "operations/1");',
    "cancel",
  ],
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
    const [{ contents: code }] = outputFiles;
    const gzipBytes = gzipSync(code).length;
    rows.push([title, platform, kilobytes(code.length), kilobytes(gzipBytes)]);
    if (key !== undefined) samples[key] = [gzipBytes / 1000];
  }
  return {
    title: "Bundle",
    how: "esbuild, minified",
    columns: ["program", "platform", "KB", "KB gzipped"],
    rows,
    samples,
  };
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
