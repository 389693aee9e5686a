// SPDX-License-Identifier: Apache-2.0
import { type CatalogueEntry, catalogue } from "./catalogue.js";
import { PUBLIC_UNIVERSE, parseHost } from "./host.js";
import { checkText, invalidApi, shown } from "./invalid-api.js";

/** An API of the catalogue, with the region and host from the text that named it. */
export interface FoundApi {
  readonly entry: CatalogueEntry;
  readonly region: string | undefined;
  /** The host to call, if the text named one other than the API's own. */
  readonly endpoint: string | undefined;
}

const MAX_SUGGESTIONS = 3;

/** Clients of the APIs whose operations are messages of their own, with methods of their own. */
const OTHER_CLIENTS: ReadonlyMap<string, string> = new Map([
  ["compute", "@google-cloud/compute"],
  ["container", "@google-cloud/container"],
  ["sqladmin", "@google-cloud/sql"],
]);

/** The client to use for an API that has operations of another kind. */
export function otherClientFor(api: string): string | undefined {
  return OTHER_CLIENTS.get(labelOf(api));
}

/** The name of an API in its host. */
function labelOf(api: string): string {
  return api.toLowerCase().replace(/\.googleapis\.com$/, "");
}

/**
 * Finds an API by the first label of its host (`spanner`), its host, or a regional or mutual-TLS host of it.
 *
 * @throws CallError `InvalidArgument`, not sent, with the nearest names; TypeError for what is no text.
 */
export function findApi(text: string): FoundApi {
  checkText("api", text ?? null, "spanner");
  if (text === "") {
    throw invalidApi(
      `api: not a name (got ${shown(text)}; expected one such as "spanner" or "spanner.googleapis.com")`,
    );
  }
  const found = matchApi(text);
  if (found !== undefined) return found;
  const other = otherClientFor(text);
  if (other !== undefined) {
    throw invalidApi(
      `api: has operations of another kind (got ${shown(text)}; expected its own client, ${other})`,
    );
  }
  const near = suggestionsFor(text);
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : "apis() lists the known ones";
  throw invalidApi(`api: unknown (got ${shown(text)}; ${hint})`);
}

/** Like {@link findApi}, but undefined for a text that names no API of the catalogue. */
function matchApi(text: string): FoundApi | undefined {
  const entries = catalogue();
  const plain = entries.get(`${text.toLowerCase()}.${PUBLIC_UNIVERSE}`);
  if (plain !== undefined) return { entry: plain, region: undefined, endpoint: undefined };
  const parts = parseHost(text);
  const entry = parts && entries.get(parts.host);
  return entry && parts && { entry, region: parts.region, endpoint: parts.endpoint };
}

/** The nearest names: those that contain the text or are contained in it, then those within a small edit distance. */
function suggestionsFor(text: string): string[] {
  const wanted = labelOf(text).slice(0, 63);
  const words = [...catalogue().values()].map(({ name, title }) => {
    const contains = name.includes(wanted) || wanted.includes(name) || title.toLowerCase().includes(wanted);
    return { name, distance: contains ? 0.5 : distanceOf(wanted, name) };
  });
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return words
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** The Levenshtein distance: how many letters are added, dropped or changed. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
