// SPDX-License-Identifier: Apache-2.0

/** Headers that authorize calls, and how many refusals they come after. */
export interface Grant {
  readonly headers: Headers;
  readonly issue: number;
}

/** Gets the headers; with `refresh`, after the last ones were refused. */
export type FetchHeaders = (refresh: boolean) => Promise<Headers>;

/** Fetches of credentials, shared between calls. */
export interface Grants {
  /** The headers for a call: those of the fetch under way for the same `key`, or of a new one. */
  get(key: string, fetch: FetchHeaders): Promise<Grant>;
  /** New headers in place of refused ones. Of all the calls that were refused with the same ones, the first refreshes. */
  renew(key: string, refused: Grant, fetch: FetchHeaders): Promise<Grant>;
}

/**
 * Creates the bookkeeping of one credential. Nothing is kept once a fetch has ended: how long a token lives is known to the
 * credential, which answers at once while it has a fresh one.
 */
export function createGrants(): Grants {
  const pending = new Map<string, Promise<Grant>>();
  const issues = new Map<string, number>();

  const start = (key: string, fetch: FetchHeaders, refresh: boolean): Promise<Grant> => {
    const issue = issues.get(key) ?? 0;
    const grant = fetch(refresh)
      .then((headers) => ({ headers, issue }))
      .finally(() => {
        if (pending.get(key) === grant) pending.delete(key);
      });
    pending.set(key, grant);
    return grant;
  };
  const get: Grants["get"] = (key, fetch) => pending.get(key) ?? start(key, fetch, false);

  return {
    get,
    renew: (key, refused, fetch) => {
      if (refused.issue < (issues.get(key) ?? 0)) return get(key, fetch);
      issues.set(key, refused.issue + 1);
      return start(key, fetch, true);
    },
  };
}
