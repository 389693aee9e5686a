// SPDX-License-Identifier: Apache-2.0
import { startServer } from "../process.mjs";
import { measureStarts } from "./start-up.mjs";

/** Contender, server, title. */
const SUBJECTS = [
  ["rest/facade", "rest", "longrunning, REST: cancel"],
  ["rest/admanager", "rest", "longrunning/admanager, no credentials: cancel"],
  ["rest/admanager-auth", "rest", "longrunning/admanager, a client of google-auth-library: cancel"],
  ["grpc/facade", "grpc", "longrunning, gRPC: cancel"],
  ["rest/gax", "rest", "google-gax, REST: cancel"],
  ["grpc/gax", "grpc", "google-gax, gRPC: cancel"],
  ["rest/google-ads-admanager", "rest", "@google-ads/admanager, a client of google-auth-library: get"],
];

export const name = "first call";

export async function measure() {
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
    const result = await measureStarts("subjects/first-call.mjs", subjects);
    return {
      title: "First call: from the start of the process to its answer, Node's own start included",
      columns: ["client", "ms", "CPU ms"],
      ...result,
    };
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}
