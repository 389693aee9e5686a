// SPDX-License-Identifier: Apache-2.0
import { HOSTS } from "./catalogue-data.js";
import { PUBLIC_UNIVERSE } from "./host.js";
import { compareVersions } from "./version.js";

/** One version of an API that has operations. */
export interface ApiVersion {
  /** As in paths and package names: `v1`, `v1beta1`. */
  readonly version: string;
  /** Whether the HTTP rules of its operations are known. Without rules there is no REST client for it. */
  readonly hasRules: boolean;
  /** OAuth scopes, any of which its operations accept. Empty if Google's configuration names none. */
  readonly scopes: readonly string[];
  /** Whether the API is served over gRPC as well as REST. */
  readonly grpc: boolean;
}

/** An API of Google that has long-running operations. */
export interface Api {
  /** The first label of its host: `spanner`. */
  readonly name: string;
  /** `spanner.googleapis.com`. */
  readonly host: string;
  /** `Cloud Spanner API`. */
  readonly title: string;
  /** Newest first, stable ones before beta and alpha. Empty for an API of which only the name is known. */
  readonly versions: readonly ApiVersion[];
}

/** An API with the catalogue's internal data. */
export interface CatalogueEntry extends Api {
  /** The index of the rule set, by version. */
  readonly ruleSets: ReadonlyMap<string, number>;
}

const SCOPE_PREFIX = "https://www.googleapis.com/auth/";
const HOST_SUFFIX = `.${PUBLIC_UNIVERSE}`;
/** `v1:12@scope,scope!`: the version, its rule set if any, its scopes unless cloud-platform, `!` without gRPC. */
const VERSION = /^(\w+):(\d*)(?:@([^!]*))?(!?)$/;

let parsed: ReadonlyMap<string, CatalogueEntry> | undefined;

/** Every API of the catalogue by its host, in alphabetical order. Parsed on first use. */
export function catalogue(): ReadonlyMap<string, CatalogueEntry> {
  parsed ??= new Map(
    HOSTS.split("\n")
      .map(parseEntry)
      .sort((a, b) => (a.host < b.host ? -1 : 1))
      .map((entry) => [entry.host, entry]),
  );
  return parsed;
}

/** Every API of Google that has long-running operations, with its versions, in alphabetical order of the hosts. */
export function apis(): readonly Api[] {
  return [...catalogue().values()].map(publicApi);
}

/** An entry without the internal data. */
export function publicApi({ name, host, title, versions }: CatalogueEntry): Api {
  return { name, host, title, versions };
}

/** The scopes of an API's operations: those of the version, or without one of the first version that has any. */
export function scopesFor({ versions }: Api, version: string | undefined): readonly string[] | undefined {
  return versions.find((one) => (version === undefined || one.version === version) && one.scopes.length > 0)
    ?.scopes;
}

/** Reads a line: `spanner|Cloud Spanner API|v1:70@...`. */
function parseEntry(line: string): CatalogueEntry {
  const [name = "", title = "", ...described] = line.split("|");
  const host = name.includes(".") ? name : `${name}${HOST_SUFFIX}`;
  const ruleSets = new Map<string, number>();
  const versions = described.map((text) => {
    const [, version = "", ruleSet = "", scopes, restOnly] = VERSION.exec(text) ?? [];
    if (ruleSet !== "") ruleSets.set(version, Number(ruleSet));
    return { version, hasRules: ruleSet !== "", scopes: scopesOf(scopes), grpc: restOnly !== "!" };
  });
  versions.sort((a, b) => compareVersions(a.version, b.version));
  return { name, host, title, versions, ruleSets };
}

/** An empty text means cloud-platform, which most APIs accept; `-` means none. */
function scopesOf(text: string | undefined): readonly string[] {
  if (text === "-") return [];
  return (text ?? "cloud-platform").split(",").map((scope) => `${SCOPE_PREFIX}${scope}`);
}
