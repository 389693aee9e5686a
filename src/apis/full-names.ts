// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { OperationNames } from "../client/bulk/name-source.js";
import type { OperationsClient } from "../client/client.js";
import { versionsOf } from "./api-rules.js";
import type { CalledApi } from "./called-api.js";
import { isFullName, operationOf } from "./full-name.js";
import { invalidApi, shown } from "./invalid-api.js";

/**
 * A client that also accepts full names (`//spanner.googleapis.com/projects/...`, `https://spanner.googleapis.com/v1/...`)
 * wherever it accepts a name. The host in a full name is compared, never called.
 */
export function withFullNames(client: OperationsClient, api: CalledApi): OperationsClient {
  const plain = (name: string) => plainName(name, api);
  const bulk = (names: OperationNames) => plainNames(names, plain);
  return {
    ...client,
    cancelOperation: async (name, options) => client.cancelOperation(plain(name), options),
    getOperation: async (name, options) => client.getOperation(plain(name), options),
    deleteOperation: async (name, options) => client.deleteOperation(plain(name), options),
    waitOperation: async (name, options) => client.waitOperation(plain(name), options),
    listOperations: (list) => client.listOperations(named(list, plain)),
    watchOperations: (list) => client.watchOperations(named(list, plain)),
    cancelAndWait: async (name, ...rest) => client.cancelAndWait(plain(name), ...rest),
    cancelOperations: (names, options) => withReasons(client.cancelOperations(bulk(names), options), plain),
    waitOperations: (names, options) => withReasons(client.waitOperations(bulk(names), options), plain),
    operation: (name, options) => client.operation(plain(name), options),
    fromJSON: (json, options) => client.fromJSON(named(json, plain), options),
  };
}

/** The operation's plain name. @throws CallError, not sent, for a name of another API, version or region. */
function plainName(name: string, { entry, version, region }: CalledApi): string {
  if (typeof name !== "string" || !isFullName(name)) return name;
  const full = operationOf(name);
  const refuse = (what: string, expected: string) =>
    invalidApi(`name: of another ${what} (got ${shown(name)}; expected one of ${expected})`, {
      operationName: name,
    });
  if (full.api !== entry.host) throw refuse("API", entry.host);
  const versions = versionsOf(entry, version);
  if (full.version !== undefined && !versions.includes(full.version))
    throw refuse("version", versions.join(", "));
  if (full.region !== undefined && full.region !== region) throw refuse("region", region ?? entry.host);
  return full.name;
}

/** A request of Operations with its name made plain; any other request is returned unchanged. */
export function withPlainName<T extends object>({ parent }: DescMethod, request: T, api: CalledApi): T {
  if (parent.typeName !== Operations.typeName || !("name" in request)) return request;
  const { name } = request;
  return typeof name === "string" ? { ...request, name: plainName(name, api) } : request;
}

type ToPlain = (name: string) => string;

/** Options with their name made plain. A value that is not an object or has no name is left for the client to reject. */
function named<T extends { readonly name?: string | undefined }>(given: T, plain: ToPlain): T;
function named<T extends { readonly name?: string | undefined }>(
  given: T | undefined,
  plain: ToPlain,
): T | undefined;
function named<T extends { readonly name?: string | undefined }>(
  given: T | undefined,
  plain: ToPlain,
): T | undefined {
  if (typeof given !== "object" || given === null || given.name === undefined) return given;
  return { ...given, name: plain(given.name) };
}

function plainNames(names: OperationNames, plain: ToPlain): OperationNames {
  if (typeof names !== "object" || names === null) return names; // The client rejects it.
  const read = (name: string) => plainOrRefused(name, plain);
  if (Symbol.asyncIterator in names) return mapAsync(names, read);
  if (!(Symbol.iterator in names)) return named(names, plain);
  // A complete collection stays one: the client then reports the names that it did not process.
  return "length" in names || "size" in names ? Array.from(names, read) : map(names, read);
}

/** Marks a rejected full name: no client sends a name with this prefix. */
const REFUSED = "//";

/** The plain name, or the rejected one with the mark: one bad name among many gets a report and does not end the others. */
function plainOrRefused(name: string, plain: ToPlain): string {
  try {
    return plain(name);
  } catch {
    return `${REFUSED}${name}`; // withReasons adds the reason.
  }
}

/** The reports, with each rejected full name as the caller wrote it and the error that `plain` throws for it. */
async function* withReasons<R extends { readonly name: string }>(reports: AsyncIterable<R>, plain: ToPlain) {
  for await (const report of reports) {
    const name = report.name.startsWith(REFUSED) ? report.name.slice(REFUSED.length) : undefined;
    yield name === undefined ? report : { ...report, name, error: reasonOf(name, plain) };
  }
}

function reasonOf(name: string, plain: ToPlain): unknown {
  try {
    plain(name);
  } catch (error) {
    return error;
  }
  return undefined;
}

function* map(names: Iterable<string>, read: ToPlain) {
  for (const name of names) yield read(name);
}

async function* mapAsync(names: AsyncIterable<string>, read: ToPlain) {
  for await (const name of names) yield read(name);
}
