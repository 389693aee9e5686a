// SPDX-License-Identifier: Apache-2.0
// Writes test/client/saved-handles/VERSION.json: handles as this version saves them, which every later version must read. Run it
// when a version is released (RELEASING.md); it never replaces the file of a version.
import { readFileSync, writeFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  createAdManagerClient,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "longrunning/admanager";
import { ErrorInfoSchema } from "longrunning/gen/google/rpc/error_details_pb.js";
import { createFakeOperations } from "longrunning/testing";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const parent = "networks/123/operations/reports/runs";
const pack = (schema, message) => anyPack(schema, create(schema, message));
const progress = pack(RunReportMetadataSchema, { percentComplete: 40, report: "networks/123/reports/789" });

/** What each operation is, and how it was last seen. */
const SCRIPTS = {
  running: { durationMs: 60_000, metadata: progress },
  succeeded: {
    durationMs: 0,
    metadata: progress,
    response: pack(RunReportResponseSchema, { reportResult: "networks/123/reports/789/results/1" }),
  },
  failed: {
    durationMs: 0,
    error: {
      code: Code.FailedPrecondition,
      message: "no rows, größer",
      details: [pack(ErrorInfoSchema, { reason: "NO_ROWS", domain: "admanager.googleapis.com" })],
    },
  },
  cancelled: { durationMs: 0, error: { code: Code.Canceled, message: "The operation was cancelled." } },
  "of an unknown type": {
    durationMs: 60_000,
    metadata: { typeUrl: "type.googleapis.com/nobody.knows.This", value: new Uint8Array([8, 150, 1]) },
  },
};

const fake = createFakeOperations();
const client = createAdManagerClient({ transport: fake.transport, clock: fake.clock });
const handles = {};
handles["not polled yet"] = client.operation(`${parent}/0`);
for (const [what, script] of Object.entries(SCRIPTS)) {
  const name = fake.operations.start({ parent, ...script });
  handles[what] = client.operation(name);
  await handles[what].poll();
}
const file = new URL(`../test/client/saved-handles/${version}.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify(handles, null, 2)}\n`, { flag: "wx" });
