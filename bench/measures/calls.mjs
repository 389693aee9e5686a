// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { moduleIn } from "../before.mjs";
import { holdContest } from "../contest.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;
/** The second load finds the code compiled already. */
const LOADS = [
  { inFlight: 64, warmUpRounds: 4, slices: 24, sliceMs: 30 },
  { inFlight: 1, warmUpRounds: 1, slices: 12, sliceMs: 30 },
];

/** What is compared, by the folder of its contenders. */
const SUBJECTS = {
  rest: {
    server: ["servers/rest.mjs", "empty"],
    titles: {
      facade: "longrunning",
      gax: "google-gax",
      "facade-dispatcher": "longrunning, a pool of undici as its dispatcher",
      "facade-header": "longrunning, an interceptor that sets a header",
      "facade-open": "longrunning, no credential",
      "gax-open": "google-gax, no credential",
      fetch: "fetch of Node, no credential",
      "undici-pool": "undici, request() of a pool",
      "node-http": "node:http, the limit of the default",
      "undici-dispatch": "undici, dispatch() of a pool, the limit with a dispatcher",
    },
  },
  grpc: {
    server: ["servers/grpc.mjs"],
    titles: {
      facade: "longrunning",
      gax: "google-gax",
      "facade-open": "longrunning, no credential",
      "gax-open": "google-gax, no credential",
      "facade-grpc-js": "longrunning over a grpc-js channel, no credential",
      "grpc-js": "@grpc/grpc-js, no credential",
      "connect-node": "connect-node, no credential",
      "node-http2": "node:http2, the limit",
    },
  },
  "in-process": {
    server: undefined,
    titles: {
      facade: "longrunning over createRouterTransport",
      connect: "Connect's client over createRouterTransport",
      transport: "createRouterTransport, the limit",
    },
  },
};

/**
 * Who meets whom: ours first, the limit last. Both sides of a ratio are in one contest, and no more than four processes are in
 * any: a kernel takes memory from those that wait, and its return would count as their CPU time.
 */
const CONTESTS = [
  { name: "REST", folder: "rest", keys: ["facade", "gax", "facade-open", "gax-open"] },
  { name: "REST, the engine", folder: "rest", keys: ["facade-open", "facade-header", "fetch", "node-http"] },
  {
    name: "REST, a dispatcher",
    folder: "rest",
    keys: ["facade-dispatcher", "gax", "undici-pool", "undici-dispatch"],
  },
  { name: "gRPC", folder: "grpc", keys: ["facade", "gax", "connect-node", "node-http2"] },
  {
    name: "gRPC, no credential",
    folder: "grpc",
    keys: ["facade-open", "gax-open", "facade-grpc-js", "grpc-js"],
  },
  { name: "in process", folder: "in-process", keys: ["facade", "connect", "transport"] },
];

/** Further contests for a checkout of an older commit. */
const CONTESTS_BEFORE = [
  { name: "REST, before", folder: "rest", keys: ["facade", "before", "node-http"] },
  { name: "gRPC, before", folder: "grpc", keys: ["facade", "before", "node-http2"] },
];

export const name = "calls";

/** Clients of old commits had no credential in this measure, and no second one without. */
const titleOf = (checkout) =>
  existsSync(resolve(checkout, "bench/contenders/rest/facade-open.mjs"))
    ? "longrunning, before"
    : "longrunning, before, no credential";

const timeOf = ({ slices, sliceMs }) => slices * sliceMs;

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose client is measured as well */
export async function measure({ before }) {
  const rows = [];
  const samples = {};
  for (const contest of before === undefined ? CONTESTS : [...CONTESTS, ...CONTESTS_BEFORE]) {
    const { folder, keys } = contest;
    const { server, titles } = SUBJECTS[folder];
    const contenders = keys.map((key) => ({
      key,
      path:
        key === "before"
          ? moduleIn(before, `bench/contenders/${folder}/facade.mjs`)
          : `contenders/${folder}/${key}.mjs`,
    }));
    const results = await holdContest({ server, contenders, loads: LOADS, rounds: ROUNDS });
    for (const { key, inFlight, cpuUs, callsPerSecond } of results) {
      const title = titles[key] ?? titleOf(before);
      rows.push([contest.name, title, String(inFlight), spread(callsPerSecond, 0), spread(cpuUs, 1)]);
      samples[`${contest.name}/${key}/${inFlight}`] = cpuUs;
    }
  }
  return {
    title: "CancelOperation: calls a second, and CPU time of the client's process for one call",
    how:
      `Contests of four clients at most; in each, ${ROUNDS} rounds after a warm-up, each of ${LOADS.map(timeOf).join(" or ")} ms of CPU time in ` +
      "interleaved slices of 30, one process for each client and one for the server, each with a token unless it says otherwise; " +
      "median (lowest to highest)",
    columns: ["contest", "client", "in flight", "calls/s", "CPU us per call"],
    rows,
    samples,
  };
}
