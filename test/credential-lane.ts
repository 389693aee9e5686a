// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { googleAuth } from "../src/auth.js";

/** The token of calls that carry a credential. */
export const LANE_TOKEN = "token-of-the-credential-lane";

/** Whether the calls of this Jest project carry one; jest.config.js says so. */
export const hasCredential = Reflect.get(globalThis, "CREDENTIAL_LANE") === true;

/** The interceptor that adds it. */
export function laneCredential(): Interceptor {
  return googleAuth({ auth: () => Promise.resolve(LANE_TOKEN) });
}
