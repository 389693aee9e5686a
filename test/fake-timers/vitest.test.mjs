// SPDX-License-Identifier: Apache-2.0
import * as longrunning from "longrunning";
import * as grpc from "longrunning/grpc";
import * as testing from "longrunning/testing";
import { afterEach, expect, test, vi } from "vitest";
import drive from "./drive.cjs";

afterEach(() => {
  vi.useRealTimers();
});

test.each(Object.entries(drive.subjects(longrunning, grpc, testing)))("%s", async (_name, run) => {
  vi.useFakeTimers();
  expect(await run((ms) => vi.advanceTimersByTimeAsync(ms))).toEqual(drive.CANCELLED);
});
