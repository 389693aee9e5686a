// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../architecture/source-files.js";

/** The runtime names of every entry point. A change here is a change of the public surface: a feature, or a breaking one. */
const ENTRY_POINTS: Record<string, readonly string[]> = {
  longrunning: [
    "CallError",
    "Code",
    "HttpRuleError",
    "OperationError",
    "WaitTimeoutError",
    "anyToJson",
    "cancelOperation",
    "cancelOperations",
    "createOperationHandle",
    "createOperationsClient",
    "createRestTransport",
    "deleteOperation",
    "getOperation",
    "isCallError",
    "listOperations",
    "operationMethod",
    "operationsHttpRules",
    "redactSecrets",
    "retryInterceptor",
    "snapshotOf",
    "unpackAny",
    "waitOperation",
    "waitOperations",
    "watchOperations",
  ],
  "longrunning/admanager": [
    "AD_MANAGER_BASE_URL",
    "AD_MANAGER_HTTP_RULES",
    "AD_MANAGER_READONLY_SCOPE",
    "AD_MANAGER_SCOPE",
    "AdManagerErrorSchema",
    "AdReviewCenterAdServiceOperations",
    "ReportService",
    "ReportServiceOperations",
    "RunReportMetadataSchema",
    "RunReportRequestSchema",
    "RunReportResponseSchema",
    "createAdManagerClient",
    "createAdReviewCenterAdServiceOperations",
    "createReportServiceOperations",
  ],
  "longrunning/apis": ["apiOf", "apis", "baseUrlOf", "createApiClient", "httpRulesOf", "operationOf"],
  "longrunning/auth": ["googleAuth"],
  "longrunning/emulator": ["startEmulator"],
  "longrunning/grpc": ["createGrpcJsTransport", "createGrpcTransport"],
  "longrunning/service-config": ["ServiceConfigError", "httpRulesFromServiceConfig"],
  "longrunning/telemetry": ["openTelemetry"],
  "longrunning/testing": ["createFakeClock", "createFakeOperations"],
  "longrunning/gen/google/longrunning/operations_pb": [],
};

/** What the built package exports, to an importer and to a requirer. */
function namesOf(load: string, ...flags: string[]): Record<string, string[]> {
  const script = `
    const names = {};
    for (const entryPoint of ${JSON.stringify(Object.keys(ENTRY_POINTS))}) {
      const found = ${load};
      names[entryPoint] = Object.keys(found).filter((name) => name !== "default" && name !== "module.exports").sort();
    }
    console.log(JSON.stringify(names));`;
  return JSON.parse(
    execFileSync(process.execPath, [...flags, "-e", script], { cwd: root, encoding: "utf8" }),
  );
}

test.each([
  ["an ES module", "await import(entryPoint)", ["--input-type=module"]],
  ["CommonJS", "require(entryPoint)", ["--input-type=commonjs"]],
])("%s sees exactly the listed names at every entry point", (_, load, flags) => {
  const names = namesOf(load, ...flags);
  const stubs = names["longrunning/gen/google/longrunning/operations_pb"];
  expect(stubs).toEqual(expect.arrayContaining(["OperationSchema", "Operations", "operation_info"]));
  expect({ ...names, "longrunning/gen/google/longrunning/operations_pb": [] }).toEqual(ENTRY_POINTS);
});

test("package.json has every entry point with its conditions", () => {
  const script =
    'import { exportsOfSources } from "./scripts/exports.mjs"; console.log(JSON.stringify(exportsOfSources()))';
  const wanted = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  const { exports, typesVersions } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(JSON.stringify({ exports, typesVersions })).toBe(wanted.trim()); // text, since the order of conditions counts
});
