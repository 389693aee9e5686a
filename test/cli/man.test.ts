// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../architecture/source-files.js";
import { helpOf } from "./in-process.js";

const PAGE = join(root, "man/longrunning.1");

test("package.json names the man page", () => {
  const { man, files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(man).toBe("./man/longrunning.1");
  expect(files).toContain("man");
});

test("groff takes the man page without a warning, where it is there", () => {
  const { error, stderr } = spawnSync("groff", ["-man", "-Tutf8", "-ww", PAGE], { encoding: "utf8" });
  if (error === undefined) expect(stderr).toBe("");
});

test("docs/cli.md names every command, and every flag of where calls go", async () => {
  const text = readFileSync(join(root, "docs/cli.md"), "utf8");
  const stdout = await helpOf("--help");
  const commands = stdout.split("Commands:\n")[1]?.match(/^ {2}[a-z-]+/gm) ?? [];
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands.map((word) => word.trim())) {
    if (command === "help") continue;
    expect(text).toMatch(new RegExp(`^\\| \`${command}[ \`]`, "m"));
    const page = await helpOf("help", command);
    const flags = page.match(/(?<=^ {2}(?:-\w, )?)--[a-z-]+/gm) ?? [];
    for (const flag of flags) if (flag !== "--help") expect(text).toContain(flag);
  }
});
