// SPDX-License-Identifier: Apache-2.0

/** Replaces `connection-codes.ts` in browsers and workers, whose errors have no codes: nothing is known of a connection. */
export const isConnectionCode = (_code: unknown): boolean => false;
export const problemOfCode = (_code: string): undefined => undefined;
export const problemOfText = problemOfCode;
export const adviceOf = problemOfCode;
