// SPDX-License-Identifier: Apache-2.0
import { rulesOf } from "./api-rules.js";
import type { CatalogueEntry } from "./catalogue.js";
import { findApi } from "./find-api.js";
import { invalidApi, shown } from "./invalid-api.js";
import { isVersion } from "./version.js";

/** The parts of an operation's full name. */
export interface FullOperationName {
  /** The API's host: `run.googleapis.com`. */
  readonly api: string;
  /** The version, if the text has one (a self link does, a full resource name does not). */
  readonly version: string | undefined;
  /** The region of a regional host. */
  readonly region: string | undefined;
  /** The operation's plain name: `projects/p/locations/l/operations/o`. */
  readonly name: string;
}

/** `//host/name` (AIP-122), or the `https://host/v1/name` that a console or a log shows. */
const SHAPE = /^(https:)?\/\/([^/?#\\@\s]+)\/([^?#\\\s]+)$/i;

/** Whether a text is a full name rather than the plain name of an operation. */
export function isFullName(text: string): boolean {
  return /^(?:https?:)?\/\//i.test(text);
}

/**
 * Parses the full name of an operation: a full resource name `//run.googleapis.com/projects/p/locations/l/operations/o`
 * (AIP-122), or a self link `https://run.googleapis.com/v2/projects/p/locations/l/operations/o`. The host is only a key
 * into the catalogue: it never makes the client call another host.
 *
 * @throws CallError `InvalidArgument`, not sent, for anything else: an unknown host, a query, a port, a verb.
 */
export function operationOf(fullName: string): FullOperationName {
  const [, scheme, host = "", rest = ""] = SHAPE.exec(String(fullName)) ?? [];
  if (rest === "") {
    throw invalidApi(
      `name: not a full name of an operation (got ${shown(fullName)}; expected ` +
        "//HOST/NAME or https://HOST/VERSION/NAME)",
    );
  }
  const { entry, region } = findApi(host);
  const parts = rest.split("/");
  const verb = /:(?:cancel|wait)$/.exec(rest)?.[0];
  if (scheme !== undefined && verb !== undefined) {
    throw invalidApi(`name: ends in ${verb} (got ${shown(fullName)}; expected the link without it)`);
  }
  const version = scheme === undefined || !isVersion(parts[0] ?? "") ? undefined : parts.shift();
  if (scheme !== undefined && version === undefined) {
    throw invalidApi(
      `name: a self link without a version (got ${shown(fullName)}; expected https://${host}/VERSION/NAME)`,
    );
  }
  const name =
    version === undefined ? parts.join("/") : decoded(withoutPrefix(entry, version, parts.join("/")));
  return { api: entry.host, version, region, name };
}

/** Removes what the API's paths have between version and name: `admin/` of Pub/Sub Lite. */
function withoutPrefix(entry: CatalogueEntry, version: string, path: string): string {
  if (!entry.ruleSets.has(version)) return path;
  const literals = rulesOf(entry, version)
    .templatesOf("GetOperation")
    .map(({ text }) => text.slice(version.length + 2, text.indexOf("{")));
  const prefix = literals.find((literal) => literal !== "" && path.startsWith(literal));
  return prefix === undefined ? path : path.slice(prefix.length);
}

/** Percent-decodes the path of a URL, except an encoded slash, which a name cannot express. */
function decoded(path: string): string {
  try {
    return path
      .split("/")
      .map((part) => decodeURIComponent(part).replaceAll("/", "%2F"))
      .join("/");
  } catch {
    throw invalidApi(`name: broken percent-encoding (got ${shown(path)})`);
  }
}
