// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  type ListOperationsResponse,
  type Operation,
  Operations,
} from "../../gen/google/longrunning/operations_pb.js";
import { DEFAULT_MAX_EMPTY_MS } from "../budgets/budgets.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { pauseCall } from "../retry/attempts.js";
import { backoffMs } from "../retry/backoff.js";
import type { Clock } from "../time/clock.js";
import { CALL_CHECKS, type OperationCallOptions } from "./call-options.js";
import type { OperationCalls } from "./operation-calls.js";
import { type Checks, checkBoolean, checkOptions, checkText } from "./option-checks.js";

/** Which operations to list, and the options of each call. */
export interface ListOperationsOptions extends Omit<OperationCallOptions, "timeoutMs"> {
  /**
   * The parent. With the default http binding it is the collection, `operations`; APIs with bindings of their own take
   * the parent resource without that suffix, `projects/p/locations/l`.
   * @default "", for an API that lists without a parent
   */
  readonly name?: string | undefined;
  /** A filter of AIP-160, as the service documents it. @default "", which lists all */
  readonly filter?: string | undefined;
  /** The largest number of operations on a page; a server may send fewer. @default 0, which leaves it to the server */
  readonly pageSize?: number | undefined;
  /** Goes on from an earlier page's `nextPageToken`. @default "", the first page */
  readonly pageToken?: string | undefined;
  /**
   * Takes what can be reached when some places cannot; those are in `unreachable`. Without it, such a server fails the
   * call. @default false
   */
  readonly returnPartialSuccess?: boolean | undefined;
  /**
   * The time that the next operation may take to come, in milliseconds: the requests, their retries, and the pauses
   * between empty pages together; `Infinity` for no bound.
   * @default the client's `timeoutMs` for each request, and 300_000 for the pages without an operation between two with one
   */
  readonly timeoutMs?: number | undefined;
}

/** The operations of a list, fetched page by page as they are read. Reading it again asks the server again. */
export interface OperationList extends AsyncIterable<Operation> {
  /** The pages as the server sends them, empty ones included: `operations`, `nextPageToken`, `unreachable`. */
  pages(): AsyncIterable<ListOperationsResponse>;
  /** The places that could not be reached, of all pages read so far, each once. */
  readonly unreachable: readonly string[];
}

const MAX_PAGE_SIZE = 0x7fff_ffff; // int32
/** The pauses between empty pages in a row: a server may send them endlessly. */
export const EMPTY_PAGES = { initialMs: 100, multiplier: 2, maxMs: 5_000, jitter: 0.1 };
const UNPACED_PAGES = 2;

/** What a list is read with. */
export interface ListContext {
  readonly calls: OperationCalls;
  readonly clock: Clock;
  readonly random: () => number;
  /** Types to decode with, where they are known more exactly than for the whole client. */
  readonly registry?: Registry | undefined;
}

/** Creates the list; nothing is sent until it is read. */
export function createOperationList(context: ListContext, list: ListOperationsOptions): OperationList {
  checkOptions("listOperations", list, {
    ...CALL_CHECKS,
    name: true,
    filter: checkText,
    pageSize: { min: 0, max: MAX_PAGE_SIZE, whole: true },
    pageToken: checkText,
    returnPartialSuccess: checkBoolean,
  } satisfies Checks<ListOperationsOptions>);
  const { name = "", filter = "", pageSize = 0, returnPartialSuccess = false, timeoutMs } = list;
  const { signal, headers, contextValues, onHeader, onTrailer } = list;
  const callOptions = { signal, headers, contextValues, onHeader, onTrailer };
  const { calls, clock, random } = context;
  const { pageToken: firstToken = "" } = list;
  const unreachable = new Set<string>();
  const method = Operations.method.listOperations;
  const paused = { clock, signal, method, operationName: name || undefined, attempts: 1 };

  async function* pages() {
    const seen = new Set([firstToken]);
    let emptyPages = 0;
    let deadlineMs = 0;
    for (let pageToken = firstToken; ; ) {
      if (emptyPages === 0) deadlineMs = clock.now() + (timeoutMs ?? DEFAULT_MAX_EMPTY_MS);
      const leftMs = deadlineMs - clock.now();
      if (leftMs <= 0 && emptyPages > 0) throw timeError(name);
      const request = { name, filter, pageSize, pageToken, returnPartialSuccess };
      const page = await calls.list(
        request,
        timeoutMs === undefined ? callOptions : { ...callOptions, timeoutMs: leftMs },
        { registry: context.registry, atMostMs: emptyPages === 0 ? undefined : leftMs },
      );
      for (const place of page.unreachable) unreachable.add(place);
      yield page;
      pageToken = page.nextPageToken;
      if (pageToken === "") return;
      if (seen.has(pageToken)) throw repeatedTokenError(name);
      seen.add(pageToken);
      emptyPages = page.operations.length > 0 ? 0 : emptyPages + 1;
      if (emptyPages > UNPACED_PAGES) {
        const pauseMs = backoffMs(EMPTY_PAGES, emptyPages - UNPACED_PAGES - 1, random);
        await pauseCall(Math.min(pauseMs, deadlineMs - clock.now()), paused);
      }
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
function repeatedTokenError(name: string): CallError {
  return listError(
    name,
    Code.Internal,
    "the server returned a page token that it gave before: the list would never end",
  );
}

function timeError(name: string): CallError {
  return listError(
    name,
    Code.DeadlineExceeded,
    "the time was up, and the server had sent nothing but empty pages",
  );
}

function listError(name: string, code: Code, message: string): CallError {
  const method = selectorOf(Operations.method.listOperations);
  return new CallError({
    code,
    message,
    method,
    operationName: name || undefined,
    requestSent: true,
  });
}
