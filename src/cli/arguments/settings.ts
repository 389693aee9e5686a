// SPDX-License-Identifier: Apache-2.0

import type { Surroundings } from "../process.js";
import type { Flags } from "./flags.js";
import { readProfile } from "./profile.js";

/** What a command is to do, from its flags and the profile. */
export interface Settings {
  readonly flags: Flags;
  /** What was typed alone, to type it again. */
  readonly typed: TypedFlags;
  /** Where the calls go was said by a profile that lay in the working directory. */
  readonly isEndpointLocal: boolean;
  readonly surroundings: Surroundings;
}

/** Flags as commander gives them, with those that choose the profile. */
export type TypedFlags = Flags & { readonly profile?: string | false | undefined };

/** Puts flags and profile together; what was typed wins. */
export async function settingsOf(surroundings: Surroundings, typed: TypedFlags): Promise<Settings> {
  const { profile: asked, ...flags } = typed;
  const profile =
    asked === false
      ? { flags: {}, isLocal: false }
      : await readProfile(surroundings, typeof asked === "string" ? asked : undefined);
  const isSaid = ({ endpoint, serviceConfig }: Flags) => (endpoint ?? serviceConfig) !== undefined;
  return {
    flags: { ...profile.flags, ...flags },
    typed,
    isEndpointLocal: profile.isLocal && isSaid(profile.flags) && !isSaid(flags),
    surroundings,
  };
}
