// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, Registry } from "@bufbuild/protobuf";

/** The message that a type name in a proto option means, as far as the registry has it. */
export function findMessage(
  name: string,
  scope: string,
  registry: Pick<Registry, "getMessage">,
): DescMessage | undefined {
  for (const candidate of candidateTypeNames(name, scope)) {
    const found = registry.getMessage(candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The full names that a type name in a proto option may mean, in the order in which a compiler tries them: in the
 * package itself, in each package around it, and as it is. One that begins with a dot is complete already.
 */
function* candidateTypeNames(name: string, scope: string): Generator<string> {
  if (name === "") return;
  if (name.startsWith(".")) {
    yield name.slice(1);
    return;
  }
  for (let around = scope; around !== ""; around = around.slice(0, Math.max(0, around.lastIndexOf(".")))) {
    yield `${around}.${name}`;
  }
  yield name;
}
