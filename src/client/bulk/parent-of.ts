// SPDX-License-Identifier: Apache-2.0
import type { Transport } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import type { RestTransport } from "../../transport/rest/transport.js";

const { getOperation, listOperations } = Operations.method;

/**
 * What ListOperations has to be asked for to show an operation; undefined when that is not known. APIs with bindings of
 * their own take the parent resource (`projects/p/locations/l`), the default binding the collection (`operations`). Over
 * REST it is the one whose List has the URL that the operation's own URL is below.
 */
export function parentOf(transport: Transport, name: string): string | undefined {
  const collection = collectionOf(name);
  const resource = /^(.+)\/operations$/.exec(collection)?.[1];
  if (!isRest(transport)) return resource ?? (collection === "operations" ? collection : undefined);
  const url = pathOf(() => transport.describe(getOperation, { name }).url);
  const collectionUrl = url?.slice(0, url.lastIndexOf("/"));
  if (collectionUrl === undefined) return undefined;
  const listUrl = (parent: string) => pathOf(() => transport.describe(listOperations, { name: parent }).url);
  if (resource !== undefined && listUrl(resource) === collectionUrl) return resource;
  return listUrl(collection) === collectionUrl ? collection : undefined;
}

/** The name without its last segment. */
export function collectionOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function isRest(transport: Transport): transport is RestTransport {
  return "describe" in transport;
}

/** A URL without its query, where system parameters are; undefined for a call that has no binding. */
function pathOf(describe: () => string): string | undefined {
  try {
    return describe().split("?")[0];
  } catch {
    return undefined; // No rule takes this name: there is nothing to list.
  }
}
