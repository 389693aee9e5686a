// SPDX-License-Identifier: Apache-2.0

/** A service configuration that is not what `google.api.Service` has: says where, and what was expected. */
export class ServiceConfigError extends Error {
  override readonly name = "ServiceConfigError";
  /** The line of the file, counted from 1; `undefined` when the configuration was given as an object. */
  readonly line: number | undefined;

  constructor(problem: string, where: { readonly line: number | undefined; readonly cause?: unknown }) {
    super(`service configuration${where.line === undefined ? "" : `, line ${where.line}`}: ${problem}`, {
      cause: where.cause,
    });
    this.line = where.line;
  }
}
