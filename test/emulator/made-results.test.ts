// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { RunReportResponseSchema } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { createMadeResults } from "../../src/emulator/operations/made-results.js";
import { createStore, type Store } from "../../src/emulator/operations/store.js";
import { createFakeClock } from "../../src/testing.js";

function setUp() {
  const clock = createFakeClock();
  const store = createStore(clock);
  const searches = { count: 0 };
  const counted: Store = {
    ...store,
    names: () => {
      searches.count++;
      return store.names();
    },
  };
  const run = (id: string, reportResult: string) =>
    store.start({
      parent: "networks/1/operations/reports/runs",
      id,
      durationMs: 100,
      response: anyPack(RunReportResponseSchema, create(RunReportResponseSchema, { reportResult })),
    }).name;
  return { clock, store, searches, run, isMade: createMadeResults(counted) };
}

test("the run of a result is searched for once, however many pages are read", async () => {
  const { clock, searches, run, isMade } = setUp();
  for (let id = 0; id < 50; id++) run(`${id}`, `networks/1/reports/${id}/results/1`);
  expect(isMade("networks/1/reports/49/results/1")).toBe(false);
  await clock.advance(100);
  searches.count = 0;
  for (let page = 0; page < 100; page++) {
    expect(isMade("networks/1/reports/49/results/1")).toBe(true);
    expect(isMade("networks/1/reports/7/results/1")).toBe(true);
  }
  expect(searches.count).toBe(2);
});

test("a result stays made when its run is deleted, and not when it is removed", async () => {
  const { clock, store, run, isMade } = setUp();
  const result = "networks/1/reports/2/results/1";
  const first = run("1", result);
  await clock.advance(100);
  expect(isMade(result)).toBe(true);
  store.delete(first);
  expect(isMade(result)).toBe(true);
  store.remove((name) => name === first);
  expect(isMade(result)).toBe(false);
  run("1", result);
  expect(isMade(result)).toBe(false);
  await clock.advance(100);
  expect(isMade(result)).toBe(true);
});

test("another run of the same result takes over", async () => {
  const { clock, store, run, isMade } = setUp();
  const result = "networks/1/reports/2/results/1";
  const first = run("1", result);
  run("2", result);
  await clock.advance(100);
  expect(isMade(result)).toBe(true);
  store.remove((name) => name === first);
  expect(isMade(result)).toBe(true);
});

test("results beyond those remembered are still found", async () => {
  const { clock, run, isMade } = setUp();
  const results = Array.from({ length: 101 }, (_, id) => `networks/1/reports/${id}/results/1`);
  for (const [id, result] of results.entries()) run(`${id}`, result);
  await clock.advance(100);
  expect(results.every(isMade)).toBe(true);
  expect(results.every(isMade)).toBe(true);
});
