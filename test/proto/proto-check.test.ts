// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** What `scripts/proto-check.mjs` says about a copy of proto/ that `change` was done to. */
const checkAfter = async (change: (directory: string) => Promise<void>) => {
  const directory = await mkdtemp(join(tmpdir(), "longrunning-proto-"));
  try {
    await cp(join(root, "proto"), directory, { recursive: true });
    await change(directory);
    return await runCheck(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const runCheck = (directory: string) =>
  new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "scripts/proto-check.mjs"), directory]);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject).on("close", (status) => resolve({ status, stdout, stderr }));
  });

/** Replaces `before`, which the file must have exactly once. */
const replace = (file: string, before: string, after: string) => async (directory: string) => {
  const path = join(directory, file);
  const parts = (await readFile(path, "utf8")).split(before);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${before}`);
  await writeFile(path, parts.join(after));
};

const operations = "google/longrunning/operations.proto";
const reports = "google/ads/admanager/v1/report_service.proto";
const http = "google/api/http.proto";
const details = "google/rpc/error_details.proto";

// The change, the file, what becomes of what, and the finding without the file's name.
const mutations: [string, string, string, string, string][] = [
  [
    "a field that is text here and an enum upstream",
    "google/ads/admanager/v1/report_definition.proto",
    "repeated string dimensions = 1",
    "repeated string dimensions = 4",
    "google.ads.admanager.v1.ReportDefinition.dimensions: number: ours 4, upstream 1",
  ],
  [
    "a renumbered field",
    operations,
    "string name = 4;",
    "string name = 6;",
    "google.longrunning.ListOperationsRequest.name: number: ours 6, upstream 4",
  ],
  [
    "a field of another type",
    "google/rpc/status.proto",
    "int32 code = 1;",
    "uint32 code = 1;", // the same bytes for every valid code, and still not the same
    'google.rpc.Status.code: type: ours "TYPE_UINT32", upstream "TYPE_INT32"',
  ],
  [
    "a field that is no longer repeated",
    details,
    "repeated string stack_entries = 1;",
    "string stack_entries = 1;",
    'google.rpc.DebugInfo.stack_entries: label: ours "LABEL_OPTIONAL", upstream "LABEL_REPEATED"',
  ],
  [
    "a field without presence",
    details,
    "optional int64 future_quota_value = 8;",
    "int64 future_quota_value = 8;",
    "google.rpc.QuotaFailure.Violation.future_quota_value: proto3Optional: ours unset, upstream true",
  ],
  [
    "a field outside its oneof",
    operations,
    "    google.protobuf.Any response = 5;\n  }",
    "  }\n  google.protobuf.Any response = 5;",
    "google.longrunning.Operation.response: oneof: ours unset, upstream result",
  ],
  [
    "another JSON name",
    operations,
    "string next_page_token = 2;",
    'string next_page_token = 2 [json_name = "next"];',
    'google.longrunning.ListOperationsResponse.next_page_token: jsonName: ours "next", upstream "nextPageToken"',
  ],
  [
    "a field that upstream does not have",
    operations,
    "bool done = 3;",
    "bool done = 3;\n  bool failed = 6;",
    "google.longrunning.Operation.failed: ours has it, upstream does not",
  ],
  [
    "a field that is missing",
    operations,
    "bool return_partial_success = 5;",
    "",
    "google.longrunning.ListOperationsRequest.return_partial_success: upstream has it, ours does not",
  ],
  [
    "a message that is missing",
    "google/api/httpbody.proto",
    "message HttpBody {",
    "message Body {",
    "google.api.HttpBody: upstream has it, ours does not",
  ],
  [
    "an enum value with another number",
    "google/rpc/code.proto",
    "CANCELLED = 1;",
    "CANCELLED = 17;",
    "google.rpc.Code.CANCELLED: number: ours 17, upstream 1",
  ],
  [
    "an enum value with another name",
    "google/rpc/code.proto",
    "DATA_LOSS = 15;",
    "LOST_DATA = 15;",
    "google.rpc.Code.DATA_LOSS: upstream has it, ours does not",
  ],
  [
    "a renamed method",
    operations,
    "rpc GetOperation(",
    "rpc LookAtOperation(",
    "google.longrunning.Operations.GetOperation: upstream has it, ours does not",
  ],
  [
    "a method with another request",
    operations,
    "rpc WaitOperation(WaitOperationRequest)",
    "rpc WaitOperation(GetOperationRequest)",
    'google.longrunning.Operations.WaitOperation: inputType: ours ".google.longrunning.GetOperationRequest", upstream ".google.longrunning.WaitOperationRequest"',
  ],
  [
    "a method that streams",
    operations,
    "returns (Operation) {}",
    "returns (stream Operation) {}",
    "google.longrunning.Operations.WaitOperation: serverStreaming: ours true, upstream unset",
  ],
  [
    "another http path",
    operations,
    'post: "/v1/{name=operations/**}:cancel"',
    'post: "/v2/{name=operations/**}:cancel"',
    'google.longrunning.Operations.CancelOperation: option [google.api.http]: ours {"post":"/v2/{name=operations/**}:cancel","body":"*"}, upstream {"post":"/v1/{name=operations/**}:cancel","body":"*"}',
  ],
  [
    "another http verb",
    operations,
    'delete: "/v1/{name=operations/**}"',
    'post: "/v1/{name=operations/**}"',
    'google.longrunning.Operations.DeleteOperation: option [google.api.http]: ours {"post":"/v1/{name=operations/**}"}, upstream {"delete":"/v1/{name=operations/**}"}',
  ],
  [
    "a dropped http body",
    reports,
    'body: "*"',
    "",
    'google.ads.admanager.v1.ReportService.RunReport: option [google.api.http]: ours {"post":"/v1/{name=networks/*/reports/*}:run"}, upstream {"post":"/v1/{name=networks/*/reports/*}:run","body":"*"}',
  ],
  [
    "another metadata type",
    reports,
    'metadata_type: "RunReportMetadata"',
    'metadata_type: "RunReportRequest"',
    'google.ads.admanager.v1.ReportService.RunReport: option [google.longrunning.operation_info]: ours {"responseType":"RunReportResponse","metadataType":"RunReportRequest"}, upstream {"responseType":"RunReportResponse","metadataType":"RunReportMetadata"}',
  ],
  [
    "another method signature",
    operations,
    '"name,filter"',
    '"filter,name"',
    'google.longrunning.Operations.ListOperations: option [google.api.method_signature]: ours ["filter,name"], upstream ["name,filter"]',
  ],
  [
    "another scope",
    reports,
    '"https://www.googleapis.com/auth/admanager"',
    '"https://www.googleapis.com/auth/admanager.readonly"',
    'google.ads.admanager.v1.ReportService: option [google.api.oauth_scopes]: ours "https://www.googleapis.com/auth/admanager.readonly", upstream "https://www.googleapis.com/auth/admanager"',
  ],
  [
    "another host",
    operations,
    '"longrunning.googleapis.com"',
    '"operations.googleapis.com"',
    'google.longrunning.Operations: option [google.api.default_host]: ours "operations.googleapis.com", upstream "longrunning.googleapis.com"',
  ],
  [
    "another field behaviour",
    reports,
    "// The report to run, `networks/{network_code}/reports/{report_id}`.\n  string name = 1 [\n    (google.api.field_behavior) = REQUIRED",
    "// The report.\n  string name = 1 [\n    (google.api.field_behavior) = OPTIONAL",
    'google.ads.admanager.v1.RunReportRequest.name: option [google.api.field_behavior]: ours ["OPTIONAL"], upstream ["REQUIRED"]',
  ],
  [
    "an option under another number",
    operations,
    "operation_info = 1049;",
    "operation_info = 1050;",
    "google.longrunning.operation_info: number: ours 1050, upstream 1049",
  ],
  [
    "an option with another encoding",
    "google/api/field_behavior.proto",
    " [packed = false]",
    "",
    "google.api.field_behavior: option packed: ours unset, upstream false",
  ],
  [
    "another file option",
    http,
    'java_package = "com.google.api"',
    'java_package = "com.google.http"',
    'google/api/http.proto: option javaPackage: ours "com.google.http", upstream "com.google.api"',
  ],
];

describe("proto:check", () => {
  test("passes for proto/ as it is, and names what upstream has beyond it", async () => {
    const { status, stdout, stderr } = await runCheck(join(root, "proto"));
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Upstream: google-gax \S+, @google-ads\/admanager \S+\.\n/);
    expect(stdout).toContain("ReportService.CreateReport");
    expect(stdout).toContain("google/api/auth.proto");
    expect(stdout).toMatch(/No drift: [1-9]\d{2,} elements in 20 files are the same on the wire\.\n$/);
    expect(status).toBe(0);
  });

  describe("over one copy with many changes, each to an element of its own", () => {
    let findings: string[] = [];

    beforeAll(async () => {
      const { status, stderr } = await checkAfter(async (directory) => {
        for (const [, file, before, after] of mutations) await replace(file, before, after)(directory);
      });
      expect(status).toBe(1);
      findings = stderr.split("\n").map((line) => line.trim());
    });

    test.each(mutations)("tells of %s", (_title, file, _before, _after, finding) => {
      expect(findings).toContain(finding.startsWith(file) ? finding : `${file}: ${finding}`);
    });
  });

  test("tells of a change in both directions of buf breaking", async () => {
    const { stderr } = await checkAfter(replace(operations, "bool done = 3;", "bool done = 6;"));
    expect(stderr).toMatch(
      /buf breaking, ours against upstream: google\/longrunning\/operations\.proto: .*"3"/,
    );
    expect(stderr).toMatch(
      /buf breaking, upstream against ours: google\/longrunning\/operations\.proto: .*"6"/,
    );
  });

  test("tells of a file that is missing", async () => {
    const file = "google/api/httpbody.proto";
    const { status, stderr } = await checkAfter((directory) => rm(join(directory, file)));
    expect(stderr).toContain(`  ${file}: ours is missing`);
    expect(status).toBe(1);
  });

  test("tells of a file that nothing is compared with", async () => {
    const { status, stderr } = await checkAfter((directory) =>
      writeFile(join(directory, "google/rpc/extra.proto"), 'syntax = "proto3";\npackage google.rpc;\n'),
    );
    expect(stderr).toContain("  google/rpc/extra.proto: ours is not in carriedFiles");
    expect(status).toBe(1);
  });

  test("compares what is carried beyond the duty, too", async () => {
    const message = "message CreateReportRequest {\n  string parent = 2;\n}\n\nmessage RunReportRequest {";
    const { status, stderr } = await checkAfter(replace(reports, "message RunReportRequest {", message));
    expect(stderr).toContain(
      "google.ads.admanager.v1.CreateReportRequest.parent: number: ours 2, upstream 1",
    );
    expect(status).toBe(1);
  });

  test("tells a schema that does not compile from drift", async () => {
    const { status, stderr } = await checkAfter(replace(http, "message Http {", "message {"));
    expect(stderr).toMatch(/^proto:check could not compare: buf build failed .*http\.proto:/);
    expect(status).toBe(2);
  });
});
