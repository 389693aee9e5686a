// SPDX-License-Identifier: Apache-2.0

/**
 * The full names that a type name in a proto option may mean, in the order in which a compiler tries them: in the
 * package itself, in each package around it, and as it is. One that begins with a dot is complete already.
 */
export function* candidateTypeNames(name: string, scope: string): Generator<string> {
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
