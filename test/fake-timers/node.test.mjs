// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert";
import { mock, test } from "node:test";
import * as longrunning from "longrunning";
import * as grpc from "longrunning/grpc";
import * as testing from "longrunning/testing";
import drive from "./drive.cjs";

for (const [name, run] of Object.entries(drive.subjects(longrunning, grpc, testing))) {
  test(name, async () => {
    mock.timers.enable();
    try {
      const advance = async (ms) => mock.timers.tick(ms);
      assert.deepStrictEqual(await run(advance), drive.CANCELLED);
    } finally {
      mock.timers.reset();
    }
  });
}
