// SPDX-License-Identifier: Apache-2.0

/** The command line, or a file that it names, is invalid: exit status 2, without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do about it, if not in the message. */
  readonly next: string | undefined;

  constructor(message: string, options: { readonly next?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.next = options.next;
  }
}
