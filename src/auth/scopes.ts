// SPDX-License-Identifier: Apache-2.0
import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { oauth_scopes } from "../../gen/google/api/client_pb.js";
import { selectorOf } from "../names/method-name.js";
import type { AuthSetup } from "./resolve-options.js";

/** Accepted by every Google Cloud API: the default for services that do not declare their scopes. */
export const CLOUD_PLATFORM_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** The scopes of one call. */
export interface CallScopes {
  /** Requested for the token. */
  readonly wanted: readonly string[];
  /** Accepted by the method, any one of them being enough; empty if unknown. */
  readonly accepted: readonly string[];
}

/**
 * The scopes of a call to `method`: from the options, by method, otherwise from the option `google.api.oauth_scopes` of
 * its service (google/api/client.proto).
 */
export function scopesOf(method: DescMethod, setup: Pick<AuthSetup, "scopes" | "methodScopes">): CallScopes {
  const ofMethod = setup.methodScopes.get(selectorOf(method));
  const ofService = hasOption(method.parent, oauth_scopes)
    ? getOption(method.parent, oauth_scopes)
        .split(",")
        .map((scope) => scope.trim())
        .filter((scope) => scope !== "")
    : [];
  const accepted = ofMethod ?? ofService;
  const unsaid = ofMethod?.slice(0, 1) ?? (ofService.length > 0 ? ofService : [CLOUD_PLATFORM_SCOPE]);
  return { wanted: setup.scopes ?? unsaid, accepted };
}
