// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { isJsonObject } from "../json/layout.js";
import { detailJson, type ReceivedDetail } from "./error-details.js";

/** By name, so that a bundle without Ad Manager has no stub of it. */
const AD_MANAGER_ERROR = "google.ads.admanager.v1.AdManagerError";

/** What to do about an `error_code` of Ad Manager, by the words in it. */
const advice: readonly (readonly [words: RegExp, advice: string])[] = [
  [
    /NO_NETWORKS_TO_ACCESS/,
    "add the account (of a service account: its e-mail address) as a user of the Ad Manager network",
  ],
  [/NETWORK_API_ACCESS_DISABLED/, "enable API access in the settings of the Ad Manager network"],
  [/NETWORK_NOT_FOUND|INVALID_NETWORK_CODE/, "check the network code"],
];

const OF_PERMISSION = "give the account a role with this permission in the Ad Manager network";

/** What Ad Manager's own detail says about an error. */
export interface AdManagerReason {
  /** `errorCode: message`. */
  readonly text: string;
  readonly advice: string | undefined;
}

/**
 * The first google.ads.admanager.v1.AdManagerError among an error's details. One that came as bytes, over gRPC, is read when the
 * registry has its type, as Ad Manager's client passes it.
 */
export function adManagerReasonOf(
  details: readonly ReceivedDetail[],
  registry: Registry | undefined,
  isPermission: boolean,
): AdManagerReason | undefined {
  const detail = details.find(({ type }) => type === AD_MANAGER_ERROR);
  const json = detail && detailJson(detail, registry);
  if (!isJsonObject(json)) return undefined;
  const { errorCode, message } = json;
  const text = [errorCode, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  const known = advice.find(([words]) => words.test(String(errorCode)))?.[1];
  return text === "" ? undefined : { text, advice: known ?? (isPermission ? OF_PERMISSION : undefined) };
}
