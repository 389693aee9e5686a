// SPDX-License-Identifier: Apache-2.0
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { RunReportResponseSchema } from "../../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { Store } from "./store.js";
import { endingOf } from "./timeline.js";

/** Maximum number of results whose run is remembered. */
const MAX_REMEMBERED = 100;

/**
 * Whether a run, possibly deleted since, has succeeded with a result. Clients ask for each page of a result: its run is
 * searched for once and then remembered, but checked each time, since a reset removes runs.
 */
export function createMadeResults(store: Store): (result: string) => boolean {
  const runs = new Map<string, string>();
  return (result) => {
    const remembered = runs.get(result);
    if (remembered !== undefined && hasMade(store, remembered, result)) return true;
    runs.delete(result);
    const run = store.names().find((name) => hasMade(store, name, result));
    if (run === undefined) return false;
    for (const oldest of runs.keys()) {
      if (runs.size < MAX_REMEMBERED) break;
      runs.delete(oldest);
    }
    runs.set(result, run);
    return true;
  };
}

function hasMade(store: Store, name: string, result: string): boolean {
  const record = store.find(name);
  if (record === undefined) return false;
  const ending = endingOf(record);
  if (ending.atMs > store.now() || ending.result.case !== "response") return false;
  return anyUnpack(ending.result.value, RunReportResponseSchema)?.reportResult === result;
}
