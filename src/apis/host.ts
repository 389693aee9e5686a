// SPDX-License-Identifier: Apache-2.0
import { checkText, invalidApi, shown } from "./invalid-api.js";

/** The parts of a host. */
export interface HostParts {
  /** The host of the API in the catalogue: `run.googleapis.com`. */
  readonly host: string;
  /** `us-central1`, of `us-central1-run.googleapis.com` and `run.us-central1.rep.googleapis.com`. */
  readonly region: string | undefined;
  /** The host to call, if it is not the API's own. */
  readonly endpoint: string | undefined;
}

/** Selects one of an API's endpoints. */
export interface Location {
  readonly region?: string | undefined;
  readonly universeDomain?: string | undefined;
}

export const PUBLIC_UNIVERSE = "googleapis.com";

/** APIs whose regional endpoints are `REGION-NAME.googleapis.com`; the others use `NAME.REGION.rep.googleapis.com`. */
const PREFIXED = new Set([
  "aiplatform",
  "automl",
  "contactcenterinsights",
  "dataproc",
  "dialogflow",
  "discoveryengine",
  "documentai",
  "notebooks",
  "pubsublite",
  "run",
  "speech",
  "vision",
]);

/** Leaves room for the labels before the universe domain: a host name has at most 253 characters. */
const MAX_DOMAIN_LENGTH = 120;
/** A label of a host name (RFC 1123). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The host to call for an API of the catalogue. @throws CallError for a region or universe that is not a valid host name. */
export function hostOf(host: string, { region, universeDomain }: Location): string {
  checkText("region", region, "us-central1");
  checkText("universeDomain", universeDomain, "googleapis.com");
  const name = host.slice(0, -PUBLIC_UNIVERSE.length - 1);
  const universe = universeDomain ?? PUBLIC_UNIVERSE;
  if (!isDomain(universe)) {
    throw invalidApi(
      `universeDomain: not a domain name (got ${shown(universe)}; expected one such as "googleapis.com")`,
    );
  }
  if (region === undefined || region === "global") return `${name}.${universe}`;
  if (!isLabel(region)) {
    throw invalidApi(`region: not a region (got ${shown(region)}; expected one such as "us-central1")`);
  }
  return PREFIXED.has(name) ? `${region}-${name}.${universe}` : `${name}.${region}.rep.${universe}`;
}

/**
 * Parses a host of one API: its own, a regional one in either form, or one for mutual TLS. Does not check that the API
 * is in the catalogue.
 */
export function parseHost(text: string): HostParts | undefined {
  const host = text.toLowerCase();
  const labels = host.split(".");
  if (!host.endsWith(`.${PUBLIC_UNIVERSE}`) || !labels.every(isLabel)) return undefined;
  const [first = "", ...rest] = labels.slice(0, -2);
  const endpoint = host;
  if (rest.length === 0) {
    const prefixed = [...PREFIXED].find((name) => first.endsWith(`-${name}`));
    if (prefixed === undefined) return { host, region: undefined, endpoint: undefined };
    const region = first.slice(0, -prefixed.length - 1);
    return { host: `${prefixed}.${PUBLIC_UNIVERSE}`, region, endpoint };
  }
  const own = `${first}.${PUBLIC_UNIVERSE}`;
  if (rest.length === 1 && rest[0] === "mtls") return { host: own, region: undefined, endpoint };
  if (rest.length === 2 && rest[1] === "rep") return { host: own, region: rest[0], endpoint };
  return undefined;
}

/** Two labels or more; the last must not be a number, since URL parsers treat such a host as an IPv4 address. */
function isDomain(text: unknown): boolean {
  if (typeof text !== "string" || text.length > MAX_DOMAIN_LENGTH) return false;
  const labels = text.split(".");
  return labels.length > 1 && labels.every(isLabel) && !/^\d/.test(labels.at(-1) ?? "");
}

function isLabel(text: unknown): boolean {
  return typeof text === "string" && LABEL.test(text);
}
