// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { root } from "./source-files.js";

/** The runtime names of every door. A change here is a change of the public surface: a feature, or a breaking one. */
const DOORS: Record<string, readonly string[]> = {
  longrunning: [
    "CallError",
    "OperationError",
    "WaitTimeoutError",
    "anyToJson",
    "callTypes",
    "createOperationsClient",
    "createRestTransport",
    "isCallError",
    "operationsHttpRules",
    "retry",
    "snapshotOf",
    "unpackAny",
  ],
  "longrunning/admanager": [
    "AD_MANAGER_BASE_URL",
    "AD_MANAGER_HTTP_RULES",
    "AD_MANAGER_READONLY_SCOPE",
    "AD_MANAGER_SCOPE",
    "AdManagerErrorSchema",
    "ReportService",
    "RunReportMetadataSchema",
    "RunReportRequestSchema",
    "RunReportResponseSchema",
    "createAdManagerClient",
  ],
  "longrunning/auth": ["googleAuth"],
  "longrunning/emulator": ["startEmulator"],
  "longrunning/grpc": ["createGrpcJsTransport", "createGrpcTransport"],
  "longrunning/service-config": ["ServiceConfigError", "httpRulesFromServiceConfig"],
  "longrunning/testing": ["createFakeClock", "createFakeOperations"],
  "longrunning/gen/google/longrunning/operations_pb": [],
};

/** What the built package exports, to an importer and to a requirer. */
function namesOf(load: string, ...flags: string[]): Record<string, string[]> {
  const script = `
    const names = {};
    for (const door of ${JSON.stringify(Object.keys(DOORS))}) {
      const found = ${load};
      names[door] = Object.keys(found).filter((name) => name !== "default" && name !== "module.exports").sort();
    }
    console.log(JSON.stringify(names));`;
  return JSON.parse(
    execFileSync(process.execPath, [...flags, "-e", script], { cwd: root, encoding: "utf8" }),
  );
}

test.each([
  ["an ES module", "await import(door)", ["--input-type=module"]],
  ["CommonJS", "require(door)", ["--input-type=commonjs"]],
])("%s sees exactly the listed names at every door", (_, load, flags) => {
  const names = namesOf(load, ...flags);
  const stubs = names["longrunning/gen/google/longrunning/operations_pb"];
  expect(stubs).toEqual(expect.arrayContaining(["OperationSchema", "Operations", "operation_info"]));
  expect({ ...names, "longrunning/gen/google/longrunning/operations_pb": [] }).toEqual(DOORS);
});
