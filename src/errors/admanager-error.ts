// SPDX-License-Identifier: Apache-2.0

import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { unpackAny } from "../json/any.js";
import { anyOfDetail, type ReceivedDetail } from "./error-details.js";

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

/** The first google.ads.admanager.v1.AdManagerError among an error's details. */
export function adManagerReasonOf(
  details: readonly ReceivedDetail[],
  isPermission: boolean,
): AdManagerReason | undefined {
  const detail = details.find(({ type }) => type === AdManagerErrorSchema.typeName);
  if (detail === undefined) return undefined;
  try {
    const { errorCode = "", message = "" } = unpackAny(anyOfDetail(detail), AdManagerErrorSchema) ?? {};
    const text = [errorCode, message].filter((part) => part !== "").join(": ");
    const known = advice.find(([words]) => words.test(errorCode))?.[1];
    return text === "" ? undefined : { text, advice: known ?? (isPermission ? OF_PERMISSION : undefined) };
  } catch {
    return undefined; // a detail that cannot be read adds nothing to the error
  }
}
