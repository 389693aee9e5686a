// SPDX-License-Identifier: Apache-2.0

import { flagsOf } from "../../src/cli/arguments/profile.js";
import { expectLinear } from "../linear-cost.js";

// A profile of the working directory may be somebody else's: it is read in a time that grows with its size, or rejected.

const read = (text: string) => flagsOf({ path: "longrunning.yaml", folder: "/", text });

const BOMB = [
  "a: &a [x]",
  ..."bcdefghij".split("").map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghi"[at]}`)}]`),
];

test.each<[string, string, string]>([
  [
    "keys of a value",
    `header:\n${Array.from({ length: 2_000 }, (_, at) => `  k${at}: 1`).join("\n")}`,
    "Expected text",
  ],
  ["a value twice", "timeout: 1m\ntimeout: 2m", "line 2: Map keys must be unique"],
  ["aliases that multiply", BOMB.join("\n"), "Excessive alias count"],
  ["an alias of nothing", "timeout: *x", "cannot be read"],
  ["lists in lists", `timeout: ${"[".repeat(2_000)}`, "longrunning.yaml"],
  ["a prototype", "__proto__: { auth: false }", 'unknown key "__proto__"'],
  [
    "half a character in a header",
    'header: "authorization: planted-\\ud800-token"',
    'Expected "name: value"',
  ],
  ["two documents", "auth: false\n---\nauth: true", "longrunning.yaml"],
])("rejects a profile with %s", async (_what, text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    name: "UsageError",
    message: expect.stringContaining(message),
  });
});

test("takes a time that grows with the number of keys, not with its square", async () => {
  await expectLinear(5_000, async (size) => {
    const keys = Array.from({ length: size }, (_, at) => `k${at}: 1`);
    await expect(read(keys.join("\n"))).rejects.toThrow('unknown key "k0"');
  });
});

test("reads what is left out as nothing", async () => {
  expect(await read("# nothing\n")).toEqual({});
  expect(await read("timeout: 1m\n<<: { retry: 2 }")).toEqual({ timeout: 60_000, retry: 2 });
});
