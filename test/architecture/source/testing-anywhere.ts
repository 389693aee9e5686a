// SPDX-License-Identifier: Apache-2.0
import { importsOf } from "../source-files.js";

test("longrunning/testing loads nothing of Node, at any depth", () => {
  const seen = new Set<string>();
  const specifiers = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const imported of importsOf(file)) {
      if (!imported.runtime) continue;
      if (imported.file === undefined) specifiers.add(imported.specifier);
      else walk(imported.file);
    }
  };
  walk("src/testing.ts");
  expect(seen).toContain("src/emulator/operations/store.ts");
  const isPlatformNeutral = /^@bufbuild\/protobuf(\/|$)|^@connectrpc\/connect$/;
  expect([...specifiers].filter((specifier) => !isPlatformNeutral.test(specifier))).toEqual([]);
});
