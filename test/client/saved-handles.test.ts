// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { createAdManagerClient } from "../../src/admanager.js";
import type { OperationJson, Snapshot } from "../../src/index.js";
import { createFakeOperations } from "../../src/testing.js";

// Handles as released versions saved them, one file a version (scripts/saved-handles.mjs). They are never changed.

const folder = join(__dirname, "saved-handles");
const versions = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const handlesOf = (release: string): Record<string, OperationJson> =>
  JSON.parse(readFileSync(join(folder, `${release}.json`), "utf8"));

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
type RunSnapshot = Snapshot<{ reportResult: string }, { percentComplete: number }>;

/** What each saved handle has to show. */
const SHOWN: Record<string, (snapshot: RunSnapshot) => void> = {
  running: (snapshot) =>
    expect(snapshot).toMatchObject({
      state: "running",
      metadata: { percentComplete: 40, report: "networks/123/reports/789" },
    }),
  succeeded: (snapshot) =>
    expect(snapshot).toMatchObject({
      state: "succeeded",
      response: { reportResult: "networks/123/reports/789/results/1" },
    }),
  failed: (snapshot) => {
    expect(snapshot).toMatchObject({ state: "failed", error: { code: 9, message: "no rows, größer" } });
    const [detail] = snapshot.state === "failed" ? snapshot.error.details : [];
    expect(detail && anyUnpack(detail, ErrorInfoSchema)).toMatchObject({ reason: "NO_ROWS" });
  },
  cancelled: (snapshot) => expect(snapshot).toMatchObject({ state: "cancelled", error: { code: 1 } }),
  "of an unknown type": (snapshot) =>
    expect(snapshot.operation.metadata).toMatchObject({
      typeUrl: "type.googleapis.com/nobody.knows.This",
      value: new Uint8Array([8, 150, 1]),
    }),
};

/** A client of a server that knows no operation: what a handle shows was saved with it. */
const clientOfNothing = () => {
  const { transport, clock } = createFakeOperations();
  return createAdManagerClient({ transport, clock });
};

test("this version has its file", () => {
  expect(versions).toContain(version);
});

test.each(versions)("every handle that %s saved is read, also after it was saved again", async (release) => {
  const handles = handlesOf(release);
  expect(Object.keys(handles)).toEqual(expect.arrayContaining(["not polled yet", ...Object.keys(SHOWN)]));
  for (const [what, saved] of Object.entries(handles)) {
    const read = clientOfNothing().fromJSON(saved);
    expect(read.name).toBe(saved.name);
    const again = clientOfNothing().fromJSON(JSON.parse(JSON.stringify(read)));
    expect(again.name).toBe(saved.name);
    if (what === "not polled yet") continue;
    for (const handle of [read, again]) SHOWN[what]?.((await handle.watch().next()).value);
  }
});
