// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import {
  type ListOperationsResponse,
  type Operation,
  Operations,
} from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { checkNumber, rejectUnknownKeys } from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import type { OperationCallOptions } from "./call-options.js";
import type { OperationCalls } from "./operation-calls.js";

/** Which operations to list. */
export interface ListOperationsOptions {
  /**
   * The parent. With the default http binding it is the collection, `operations`; APIs with bindings of their own take
   * the parent resource without that suffix, `projects/p/locations/l`.
   * @default "", for an API that lists without a parent
   */
  readonly name?: string | undefined;
  /** A filter of AIP-160, as the service documents it. @default "", which lists all */
  readonly filter?: string | undefined;
  /** The most operations on a page; a server may send fewer. @default 0, which leaves it to the server */
  readonly pageSize?: number | undefined;
  /** Goes on from an earlier page's `nextPageToken`. @default "", the first page */
  readonly pageToken?: string | undefined;
  /**
   * Takes what can be reached when some places cannot; those are in `unreachable`. Without it, such a server fails the
   * call. @default false
   */
  readonly returnPartialSuccess?: boolean | undefined;
}

/** The operations of a list, fetched page by page as they are read. Reading it again asks the server again. */
export interface OperationList extends AsyncIterable<Operation> {
  /** The pages as the server sends them, empty ones included: `operations`, `nextPageToken`, `unreachable`. */
  pages(): AsyncIterable<ListOperationsResponse>;
  /** The places that could not be reached, of all pages read so far, each once. */
  readonly unreachable: readonly string[];
}

const OPTION_KEYS = {
  name: true,
  filter: true,
  pageSize: true,
  pageToken: true,
  returnPartialSuccess: true,
} as const satisfies Record<keyof ListOperationsOptions, true>;
const MAX_PAGE_SIZE = 2 ** 31 - 1;

/** Creates the list; nothing is sent until it is read. */
export function createOperationList(
  calls: OperationCalls,
  list: ListOperationsOptions,
  options: OperationCallOptions,
): OperationList {
  rejectUnknownKeys("listOperations", list, OPTION_KEYS);
  const {
    name = "",
    filter = "",
    pageSize = 0,
    pageToken: firstToken = "",
    returnPartialSuccess = false,
  } = list;
  checkNumber("listOperations: pageSize", pageSize, { min: 0, max: MAX_PAGE_SIZE, whole: true });
  const unreachable = new Set<string>();

  async function* pages() {
    const seen = new Set([firstToken]);
    for (let pageToken = firstToken; ; ) {
      const page = await calls.list({ name, filter, pageSize, pageToken, returnPartialSuccess }, options);
      for (const place of page.unreachable) unreachable.add(place);
      yield page;
      pageToken = page.nextPageToken;
      if (pageToken === "") return;
      if (seen.has(pageToken)) throw repeatedToken();
      seen.add(pageToken);
    }
  }
  async function* operations() {
    for await (const page of pages()) yield* page.operations;
  }
  return {
    pages,
    get unreachable() {
      return [...unreachable];
    },
    [Symbol.asyncIterator]: operations,
  };
}

/** A server that hands out a page token again would be read for ever. */
function repeatedToken(): CallError {
  return new CallError({
    code: Code.Internal,
    message: "the server answered with a page token that it gave before: the list would never end",
    method: selectorOf(Operations.method.listOperations),
    requestSent: true,
  });
}
