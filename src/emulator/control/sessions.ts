// SPDX-License-Identifier: Apache-2.0
import type { Store } from "../operations/store.js";

/** The test sessions of the operations that came by the control API. */
export interface Sessions {
  /** Adds an operation that was just started. */
  add(name: string, session: string): void;
  /** Whether the operation that now has this name was started in the session. */
  has(name: string, session: string): boolean;
}

/** Number of entries from which on those of removed operations are looked for. */
const MIN_CLEAN_UP = 1_000;

/** Remembers sessions by name and sequence: a later operation of the same name is another one. */
export function createSessions(store: Store): Sessions {
  const entries = new Map<string, { readonly session: string; readonly sequence: number }>();
  let cleanUpAt = MIN_CLEAN_UP;
  const isCurrent = (name: string, sequence: number) => store.find(name)?.sequence === sequence;
  return {
    add: (name, session) => {
      const record = store.find(name);
      if (record === undefined) return;
      entries.set(name, { session, sequence: record.sequence });
      if (entries.size < cleanUpAt) return;
      for (const [one, { sequence }] of entries) if (!isCurrent(one, sequence)) entries.delete(one);
      cleanUpAt = Math.max(MIN_CLEAN_UP, 2 * entries.size);
    },
    has: (name, session) => {
      const entry = entries.get(name);
      return entry?.session === session && isCurrent(name, entry.sequence);
    },
  };
}
