// SPDX-License-Identifier: Apache-2.0
import { namesOf } from "../arguments/names.js";
import type { Session } from "./session.js";

/** The names given to a command that waits; each is in the list of awaited operations until it is reported. */
export async function* awaitedNames(
  session: Session,
  given: readonly string[],
): AsyncGenerator<string, void> {
  for await (const name of namesOf(given, session.settings.context.stdin)) {
    session.awaited.add(name);
    yield name;
  }
}
