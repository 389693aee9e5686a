// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";

/** `util.inspect.custom`, which Node's `util.inspect` calls. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** An error with a form for logs. */
interface LoggedError extends Error {
  toJSON(): JsonObject;
}

/**
 * Makes `console.log` and the rest of Node's `util.inspect` show an error's stack and its `toJSON`. It is a property of the error:
 * a class with a method of a computed name would stay in every bundle.
 */
export function showJsonInLogs(error: LoggedError): void {
  Object.defineProperty(error, INSPECT, { value: inspectError });
}

function inspectError(
  this: LoggedError,
  _depth: number,
  options: object,
  inspect: (value: unknown, options: object) => string,
): string {
  const { name: _name, message: _message, ...fields } = this.toJSON();
  return `${this.stack} ${inspect(fields, options)}`;
}
