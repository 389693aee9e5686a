// SPDX-License-Identifier: Apache-2.0
import { moduleIn } from "../before.mjs";
import { startServer } from "../process.mjs";
import { measureStarts } from "./start-up.mjs";

/** Contender, server, title. Those that are compared are neighbours. */
const SUBJECTS = [
  ["rest/facade", "rest", "longrunning, REST: cancel"],
  ["rest/gax", "rest", "google-gax, REST: cancel"],
  ["grpc/facade", "grpc", "longrunning, gRPC: cancel"],
  ["grpc/gax", "grpc", "google-gax, gRPC: cancel"],
  ["rest/admanager", "rest", "longrunning/admanager, no credentials: cancel"],
  ["rest/google-ads-admanager", "rest", "@google-ads/admanager, a client of google-auth-library: get"],
  ["rest/admanager-auth", "rest", "longrunning/admanager, a client of google-auth-library: cancel"],
];

export const name = "first call";

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose first call is measured as well */
export async function measure({ before }) {
  const servers = {
    rest: await startServer("servers/rest.mjs", "empty"),
    grpc: await startServer("servers/grpc.mjs"),
  };
  try {
    const subjects = SUBJECTS.map(([contender, server, title]) => ({
      key: contender,
      title,
      args: [`../contenders/${contender}.mjs`, String(servers[server].port)],
    }));
    if (before !== undefined) {
      const args = [moduleIn(before, "bench/contenders/rest/admanager.mjs"), String(servers.rest.port)];
      subjects.push({ key: "before", title: "longrunning/admanager, no credentials, before: cancel", args });
    }
    const result = await measureStarts("subjects/first-call.mjs", subjects);
    return {
      title: "First call: from the start of the process to its response, Node's own start included",
      columns: ["client", "ms", "CPU ms"],
      ...result,
    };
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}
