// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { MAX_EMPTY_PAGES } from "../budgets/budgets.js";
import type { Invoke } from "../client/call.js";
import { CALL_CHECKS, type OperationCallOptions } from "../client/call-options.js";
import { EMPTY_PAGES } from "../client/operation-list.js";
import { type Checks, checkText } from "../client/option-checks.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { pauseCall } from "../retry/attempts.js";
import { backoffMs } from "../retry/backoff.js";
import type { Clock } from "../time/clock.js";

/** Options of what is read page by page. The call options apply to each page. */
export interface PageOptions extends OperationCallOptions {
  /** Maximum number of elements per page; the server may send fewer. @default 0, the server's default */
  readonly pageSize?: number | undefined;
  /** Continues from the `nextPageToken` of an earlier page, e.g. after an error. @default "", the first page */
  readonly pageToken?: string | undefined;
}

/** Their checks, to spread into those of larger options. */
export function pageChecks(maxPageSize: number): Checks<PageOptions> {
  return {
    ...CALL_CHECKS,
    pageSize: { min: 0, max: maxPageSize, whole: true },
    pageToken: checkText,
  };
}

/** Dependencies of {@link readPages}. */
export interface PagesContext {
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What to read. */
export interface PageSource<P> {
  /** For errors. */
  readonly method: DescMethod;
  fetch(pageToken: string): Promise<P>;
  /** How many elements a page has, to notice pages without any. */
  countOf(page: P): number;
}

/**
 * The pages of a list, each fetched once the one before it has been read.
 *
 * @throws CallError if a page cannot be fetched, a page token comes twice, or there are only empty pages
 */
export async function* readPages<P extends { readonly nextPageToken: string }>(
  { clock, random }: PagesContext,
  { method, fetch, countOf }: PageSource<P>,
  { pageToken: firstToken = "", signal }: Pick<PageOptions, "pageToken" | "signal">,
): AsyncGenerator<P, void> {
  const paused = { clock, signal, method, operationName: undefined, attempts: 1 };
  const seen = new Set([firstToken]);
  let emptyPages = 0;
  for (let pageToken = firstToken; ; ) {
    const page = await fetch(pageToken);
    yield page;
    pageToken = page.nextPageToken;
    if (pageToken === "") return;
    if (seen.has(pageToken)) throw endless("the server returned a page token that it gave before", method);
    seen.add(pageToken);
    emptyPages = countOf(page) > 0 ? 0 : emptyPages + 1;
    if (emptyPages > MAX_EMPTY_PAGES) throw endless("the server sends nothing but empty pages", method);
    if (emptyPages > 1) await pauseCall(backoffMs(EMPTY_PAGES, emptyPages - 2, random), paused);
  }
}

function endless(problem: string, method: DescMethod): CallError {
  return new CallError({
    code: Code.Internal,
    message: `${problem}: the list would never end`,
    method: selectorOf(method),
    requestSent: true,
  });
}
