// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { profileOptions } from "../../src/cli/arguments/flags.js";
import {
  ALLOWED_ORIGINS,
  assertVouched,
  type Given,
  type VouchedOrigin,
} from "../../src/cli/arguments/origin.js";
import { root } from "../architecture/source-files.js";

const kebab = (setting: string) => setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The columns of the table in the documentation, by the origins that stand for them. */
const COLUMNS = ["typed", "environment", "trusted", "folder"] as const;

test("docs/cli.md has the table of what each origin may set", () => {
  const lines = readFileSync(join(root, "docs/cli.md"), "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith("| setting of a request with a credential"));
  const documented: Record<string, string[]> = {};
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith("|")) break;
    const [, settings = "", ...cells] = line.split("|").map((cell) => cell.trim());
    const names = settings.startsWith("`")
      ? settings.match(/(?<=`)[\w-]+(?=`)/g)
      : [settings.split(" ", 1)[0]];
    for (const name of names ?? []) {
      documented[name ?? ""] = COLUMNS.filter((_, index) => cells[index] === "yes");
    }
  }
  const held = Object.entries(ALLOWED_ORIGINS).map(([setting, origins]) => [
    kebab(setting),
    COLUMNS.filter((column) => (origins as readonly string[]).includes(column)),
  ]);
  expect(documented).toEqual(Object.fromEntries(held));
});

test("every key of a profile is in the table", () => {
  const settings = Object.keys(ALLOWED_ORIGINS).map(kebab);
  expect([...profileOptions().keys()].filter((key) => !settings.includes(key))).toEqual([]);
});

test("a value of an untrusted file is no value for a request with a credential, in its type either", () => {
  const needsVouched = (endpoint: Given<string, VouchedOrigin>) => endpoint.value;
  const parts: { readonly endpoint: Given<string> } = {
    endpoint: {
      value: "https://evil.example",
      origin: "folder",
      setting: "endpoint",
      file: "/x/longrunning.yaml",
    },
  };
  expect(() => {
    // @ts-expect-error: its origin may be any.
    needsVouched(parts.endpoint);
    assertVouched(parts);
    needsVouched(parts.endpoint);
  }).toThrow("/x/longrunning.yaml is not trusted, or has changed since: it may not set endpoint");
});
