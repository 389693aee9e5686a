// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import type { Emulator } from "../../emulator.js";
import { isLoopback } from "../../transport/endpoint.js";
import { quoted } from "../arguments/suggested-command.js";
import type { EmulatorFlags } from "./serve.js";

/** Names with a REST path that the emulator and the command line know without flags. */
const KNOWN_NAME = /^(?:NAME|operations\/.+|networks\/[^/]+\/operations\/reports\/runs\/[^/]+)$/;

/** Commands to try against the emulator: one that starts a report run, if Ad Manager is of interest, and a cancel. */
export async function hints(flags: EmulatorFlags, { baseUrl }: Emulator): Promise<string[]> {
  const { api, start, tlsSelfSigned } = flags;
  const name = start[0] ?? "NAME";
  const trust = tlsSelfSigned === undefined ? "" : `NODE_EXTRA_CA_CERTS=${quoted(tlsSelfSigned)} `;
  const target = ["--endpoint", baseUrl, ...elsewhere(baseUrl)].join(" ");
  const report = `${trust}longrunning run-report networks/123/reports/789 --interval 1s ${target}`;
  const path = await pathFlags(name, flags);
  const cancel = [`${trust}longrunning cancel`, quoted(name), ...path, "--wait", target].join(" ");
  const isAdManager = api.length === 0 || api.some((one) => one.startsWith("admanager"));
  return isAdManager ? [report, cancel] : [cancel];
}

/** The flags by which the command line finds the operation: over REST where the emulator serves the name, else over gRPC. */
async function pathFlags(name: string, { api, httpPrefix }: EmulatorFlags): Promise<readonly string[]> {
  if (name === "NAME" && api[0] !== undefined) return ["--api", quoted(api[0])];
  if (KNOWN_NAME.test(name)) return [];
  if (httpPrefix !== undefined) return ["--http-prefix", quoted(httpPrefix)];
  const taking = await apiWithCancel(name, api);
  return taking === undefined ? ["--transport", "grpc"] : ["--api", quoted(taking)];
}

/** The API whose CancelOperation takes the name. */
async function apiWithCancel(name: string, apis: readonly string[]): Promise<string | undefined> {
  if (apis.length === 0) return undefined;
  const { createApiClient } = await import("../../apis.js");
  return apis.find((text) => {
    const [api = "", version] = text.split("/");
    try {
      createApiClient(api, { version, auth: false }).describe(Operations.method.cancelOperation, { name });
      return true;
    } catch {
      return false; // The API does not take the name, or cannot cancel.
    }
  });
}

/** What the command line needs for a server that is not on this machine's own addresses. */
function elsewhere(baseUrl: string): readonly string[] {
  const { hostname, protocol } = new URL(baseUrl);
  if (isLoopback(hostname)) return [];
  return protocol === "http:" ? ["--no-auth", "--allow-insecure"] : ["--no-auth"];
}
