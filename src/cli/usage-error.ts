// SPDX-License-Identifier: Apache-2.0

/** The command line, or a file that it names, is not what it must be: exit status 2, and no stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do about it, where the message does not say. */
  readonly next: string | undefined;

  constructor(message: string, options: { readonly next?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.next = options.next;
  }
}
