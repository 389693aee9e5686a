// SPDX-License-Identifier: Apache-2.0
import type { ProcessContext } from "../process.js";
import type { Flags, HttpLog, PlainFlags, RequestFlags } from "./flags.js";
import type { Given } from "./origin.js";
import { type Profile, readProfiles } from "./profile.js";

/** The flags that determine a request, each with its origin. */
export type RequestSettings = {
  readonly [K in keyof RequestFlags]-?: Given<NonNullable<RequestFlags[K]>> | undefined;
};

/** The settings of a command, from its flags and the profiles. */
export interface Settings {
  readonly flags: PlainFlags;
  readonly request: RequestSettings;
  /** Only the typed flags, to print a command line. */
  readonly typed: TypedFlags;
  readonly context: ProcessContext;
}

/** Flags as returned by commander, including those that select the profile. */
export type TypedFlags = Flags & {
  readonly profile?: string | false | undefined;
  readonly cancelOnInterrupt?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly logHttp?: HttpLog | undefined;
};

/** A source of flags. */
type Layer = Pick<Profile, "flags"> & { readonly origin: Given<unknown>["origin"]; readonly path?: string };

/** Merges flags and profiles. Precedence: typed, then the working directory's profile, then the user's own. */
export async function settingsOf(context: ProcessContext, typed: TypedFlags): Promise<Settings> {
  const { profile: asked, cancelOnInterrupt: _, verbose: _v, logHttp: _h, ...flags } = typed;
  const profiles = asked === false ? [] : await readProfiles(context, asked);
  const layers: readonly Layer[] = [{ flags, origin: "typed" }, ...profiles];
  const given = <K extends keyof RequestFlags>(
    setting: K,
  ): Given<NonNullable<RequestFlags[K]>> | undefined => {
    for (const { flags, origin, path } of layers) {
      const value = flags[setting];
      if (value !== undefined) return { value, origin, setting, file: path };
    }
    return undefined;
  };
  const plain = <K extends keyof PlainFlags>(setting: K): PlainFlags[K] =>
    layers.find((layer) => layer.flags[setting] !== undefined)?.flags[setting];
  return {
    flags: {
      timeout: plain("timeout"),
      interval: plain("interval"),
      retry: plain("retry"),
      concurrency: plain("concurrency"),
      format: plain("format"),
      color: plain("color"),
      quiet: plain("quiet"),
    },
    request: {
      api: given("api"),
      region: given("region"),
      endpoint: given("endpoint"),
      transport: given("transport"),
      serviceConfig: given("serviceConfig"),
      httpPrefix: given("httpPrefix"),
      allowInsecure: given("allowInsecure"),
      header: given("header"),
      quotaProject: given("quotaProject"),
      scopes: given("scopes"),
      tokenFile: given("tokenFile"),
      auth: given("auth"),
    },
    typed,
    context,
  };
}
