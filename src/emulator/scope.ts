// SPDX-License-Identifier: Apache-2.0

/** The header by which a call says which test session it belongs to. */
export const SESSION_HEADER = "x-emulator-session";

/** A part of what an emulator does, so that tests side by side do not meet. */
export interface Scope {
  /** A resource: it, and all below it. */
  readonly parent?: string | undefined;
  /** The value of the header `x-emulator-session`. */
  readonly session?: string | undefined;
}

/** Whether a resource is a parent or below it. Everything is below `undefined`. */
export function isBelow(name: string, parent: string | undefined): boolean {
  return parent === undefined || name === parent || name.startsWith(`${parent}/`);
}

/** The resource that a request is about: its `name`, or else its `parent`; "" for none. */
export function resourceOf(message: object | undefined): string {
  const { name, parent }: { readonly name?: unknown; readonly parent?: unknown } = message ?? {};
  const resource = [name, parent].find((one) => typeof one === "string" && one !== "");
  return typeof resource === "string" ? resource : "";
}
