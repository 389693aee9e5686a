// SPDX-License-Identifier: Apache-2.0

/** The header with the test session of a call. */
export const SESSION_HEADER = "x-emulator-session";

/** A part of an emulator's state, so that concurrent tests do not affect each other. */
export interface Scope {
  /** A resource and everything below it. */
  readonly parent?: string | undefined;
  /** The value of the header `x-emulator-session`. */
  readonly session?: string | undefined;
}

/** Whether a resource is a parent or below it. Everything is below `undefined`. */
export function isBelow(name: string, parent: string | undefined): boolean {
  return parent === undefined || name === parent || name.startsWith(`${parent}/`);
}

/** The resource of a request: its `name`, otherwise its `parent`, otherwise "". */
export function resourceOf(message: object | undefined): string {
  const { name, parent }: { readonly name?: unknown; readonly parent?: unknown } = message ?? {};
  const resource = [name, parent].find((one) => typeof one === "string" && one !== "");
  return typeof resource === "string" ? resource : "";
}
