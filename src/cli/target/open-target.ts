// SPDX-License-Identifier: Apache-2.0
import type { Settings } from "../arguments/settings.js";
import { UsageError } from "../usage-error.js";
import { chooseApi } from "./choose-api.js";
import type { Target } from "./target.js";

/** Creates the client for the settings and the typed names. @throws UsageError */
export async function openTarget(settings: Settings, names: readonly string[]): Promise<Target> {
  const { endpoint, transport, region } = settings.request;
  const chosen = chooseApi(settings.request, names);
  // The catalogue does not apply to the user's own server: it may support gRPC even if the API does not.
  const isElsewhere = endpoint !== undefined && transport?.value === "grpc";
  if (chosen !== undefined && (!isElsewhere || chosen.api.versions.some(({ grpc }) => grpc))) {
    const { openKnownApi } = await import("./known-api.js");
    return openKnownApi(settings, chosen);
  }
  if (region?.origin === "typed") {
    throw new UsageError(
      `--region: is for Google's APIs (got ${region.value}; expected --api NAME beside it)`,
    );
  }
  const { openOtherApi } = await import("./other-api.js");
  return openOtherApi(settings, names);
}
