// SPDX-License-Identifier: Apache-2.0

/** Replaces `engine-codes.ts` in browsers and workers, whose `fetch` gives no codes. */
export const kindOfCode = (_code: string): undefined => undefined;
export const isNeverSent = (_code: string): boolean => false;
