// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { holdContest } from "../contest.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 7;
/** The second load finds the code compiled already. */
const LOADS = [
  { inFlight: 64, warmUpMs: 1_000, warmUpCalls: 8_000, windowMs: 150 },
  { inFlight: 1, warmUpMs: 250, warmUpCalls: 0, windowMs: 100 },
];

/** What is compared, by transport: ours first, the limit last. */
const GROUPS = [
  {
    transport: "REST",
    folder: "rest",
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
  {
    transport: "gRPC",
    folder: "grpc",
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
  {
    transport: "in-process",
    folder: "in-process",
    server: undefined,
    titles: {
      facade: "longrunning over createRouterTransport",
      connect: "Connect's client over createRouterTransport",
      transport: "createRouterTransport, the limit",
    },
  },
];

export const name = "calls";

/** Clients of old commits had no credential in this measure, and no second one without. */
const titleOf = (checkout) =>
  existsSync(resolve(checkout, "bench/contenders/rest/facade-open.mjs"))
    ? "longrunning, before"
    : "longrunning, before, no credential";

const contenderIn = (checkout, folder) =>
  pathToFileURL(resolve(checkout, `bench/contenders/${folder}/facade.mjs`)).href;

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose client is measured as well */
export async function measure({ before }) {
  const rows = [];
  const samples = {};
  for (const { transport, folder, server, titles } of GROUPS) {
    const contenders = Object.keys(titles).map((key) => ({ key, path: `contenders/${folder}/${key}.mjs` }));
    if (before !== undefined) contenders.splice(1, 0, { key: "before", path: contenderIn(before, folder) });
    const results = await holdContest({
      server,
      contenders,
      loads: LOADS,
      rounds: ROUNDS,
    });
    for (const { key, inFlight, cpuUs, callsPerSecond } of results) {
      rows.push([
        transport,
        titles[key] ?? titleOf(before),
        String(inFlight),
        spread(callsPerSecond, 0),
        spread(cpuUs, 1),
      ]);
      samples[`${folder}/${key}/${inFlight}`] = cpuUs;
    }
  }
  return {
    title: "CancelOperation: calls a second, and CPU time of the client's process for one call",
    how:
      `${ROUNDS} interleaved rounds after a warm-up, each of 100 or 150 ms of CPU time, one process for each client and one for the ` +
      "server, each with a token unless it says otherwise; median (lowest to highest)",
    columns: ["transport", "client", "in flight", "calls/s", "CPU us per call"],
    rows,
    samples,
  };
}
