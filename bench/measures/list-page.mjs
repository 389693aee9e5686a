// SPDX-License-Identifier: Apache-2.0
import { moduleIn } from "../before.mjs";
import { holdContest } from "../contest.mjs";
import { PAGE_SIZE } from "../servers/page.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;
const LOADS = [{ inFlight: 1, warmUpRounds: 3, slices: 10, sliceMs: 60 }];

const GROUPS = [
  {
    transport: "REST",
    server: ["servers/rest.mjs", "page"],
    titles: {
      "rest-longrunning": "longrunning",
      "rest-gax": "google-gax",
      "rest-json-parse": "undici and JSON.parse, the limit",
    },
  },
  {
    transport: "gRPC",
    server: ["servers/grpc-page.mjs"],
    titles: { "grpc-longrunning": "longrunning", "grpc-gax": "google-gax" },
  },
];

export const name = "list";

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose client is measured as well, over REST */
export async function measure({ before }) {
  const rows = [];
  const samples = {};
  for (const { transport, server, titles } of GROUPS) {
    const contenders = Object.keys(titles).map((key) => ({ key, path: `contenders/list/${key}.mjs` }));
    if (before !== undefined && transport === "REST")
      contenders.push({
        key: "before",
        path: moduleIn(before, "bench/contenders/list/rest-longrunning.mjs"),
      });
    const results = await holdContest({ server, contenders, loads: LOADS, rounds: ROUNDS });
    for (const { key, cpuUs } of results) {
      const cpuMs = cpuUs.map((us) => us / 1000);
      rows.push([transport, titles[key] ?? "longrunning, before", spread(cpuMs, 1)]);
      samples[key] = cpuMs;
    }
  }
  return {
    title: `ListOperations: a page of ${PAGE_SIZE.toLocaleString("en-US")} operations with metadata and response`,
    how: `${ROUNDS} interleaved rounds; CPU time of the client's process; median (lowest to highest)`,
    columns: ["transport", "client", "CPU ms per page"],
    rows,
    samples,
  };
}
