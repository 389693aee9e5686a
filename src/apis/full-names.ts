// SPDX-License-Identifier: Apache-2.0

import type { OperationNames } from "../client/bulk/name-source.js";
import type { OperationsClient } from "../client/client.js";
import { versionsOf } from "./api-rules.js";
import type { CatalogueEntry } from "./catalogue.js";
import { isFullName, operationOf } from "./full-name.js";
import { invalidApi } from "./invalid-api.js";

/** What a client of one API calls, as far as a full name may say it. */
export interface CalledApi {
  readonly entry: CatalogueEntry;
  readonly version: string | undefined;
  readonly region: string | undefined;
}

/**
 * The client, which also takes full names (`//spanner.googleapis.com/projects/...`, `https://spanner.googleapis.com/v1/...`)
 * wherever it takes a name. The host in one is compared, never called.
 */
export function withFullNames(client: OperationsClient, api: CalledApi): OperationsClient {
  const plain = (name: string) => plainName(name, api);
  return {
    ...client,
    cancelOperation: async (name, options) => client.cancelOperation(plain(name), options),
    getOperation: async (name, options) => client.getOperation(plain(name), options),
    deleteOperation: async (name, options) => client.deleteOperation(plain(name), options),
    waitOperation: async (name, options) => client.waitOperation(plain(name), options),
    cancelAndWait: async (name, ...rest) => client.cancelAndWait(plain(name), ...rest),
    cancelOperations: (names, options) => client.cancelOperations(plainNames(names, plain), options),
    waitOperations: (names, options) => client.waitOperations(plainNames(names, plain), options),
    operation: (name, options) => client.operation(plain(name), options),
  };
}

/** The name by which the API knows an operation. @throws CallError, not sent, for a name of another API, version or region. */
export function plainName(name: string, { entry, version, region }: CalledApi): string {
  if (typeof name !== "string" || !isFullName(name)) return name;
  const full = operationOf(name);
  const refuse = (what: string, expected: string) =>
    invalidApi(`name: of another ${what} (got ${JSON.stringify(name)}; expected one of ${expected})`, {
      operationName: name,
    });
  if (full.api !== entry.host) throw refuse("API", entry.host);
  const versions = versionsOf(entry, version);
  if (full.version !== undefined && !versions.includes(full.version))
    throw refuse("version", versions.join(", "));
  if (full.region !== undefined && full.region !== region) throw refuse("region", region ?? entry.host);
  return full.name;
}

function plainNames(names: OperationNames, plain: (name: string) => string): OperationNames {
  if (typeof names !== "object" || names === null) return names; // For the client to refuse.
  if (Array.isArray(names)) return names.map(plain);
  if (Symbol.asyncIterator in names) return mapAsync(names, plain);
  if (Symbol.iterator in names) return map(names, plain);
  return names;
}

function* map(names: Iterable<string>, plain: (name: string) => string) {
  for (const name of names) yield plain(name);
}

async function* mapAsync(names: AsyncIterable<string>, plain: (name: string) => string) {
  for await (const name of names) yield plain(name);
}
