// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from "node:fs/promises";

/** The licences of the packages whose files were compiled in, and the notices that stand in those files. */
export async function noticesOf(files) {
  const byPackage = new Map();
  for (const file of files.toSorted()) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (folder === undefined) continue;
    const notices = byPackage.get(folder) ?? new Set();
    const [head] = /^(?:\/\/.*\n)+/.exec(await readFile(file, "utf8")) ?? [];
    if (head !== undefined && /copyright/i.test(head)) notices.add(head.replaceAll(/^\/\/ ?/gm, ""));
    byPackage.set(folder, notices);
  }
  const parts = [];
  for (const [folder, notices] of byPackage) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const [own] = (await readdir(folder)).filter((each) => /^licen[cs]e/i.test(each));
    if (own !== undefined) notices.add(await readFile(`${folder}/${own}`, "utf8"));
    if (notices.size === 0)
      throw new Error(`${name} ${version} (${license}) says nowhere who holds its copyright`);
    parts.push(`${name} ${version}, ${license}\n\n${[...notices].join("\n")}`);
  }
  return `Parts of these packages are compiled into the files of this folder.\n\n${parts.join("\n\n")}`;
}
