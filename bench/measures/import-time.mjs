// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { entryIn } from "../before.mjs";
import { measureStarts } from "./start-up.mjs";

const { exports: entryPoints } = createRequire(import.meta.url)("../../package.json");

/** How it is loaded, and what: each entry point of ours, and the peers. */
const SUBJECTS = [
  ...Object.keys(entryPoints)
    .filter((path) => !path.includes("*") && !path.endsWith(".json"))
    .map((path) => ["import", `longrunning${path.slice(1)}`]),
  ["require", "longrunning/admanager"],
  ["import", "@connectrpc/connect-node"],
  ["import", "@grpc/grpc-js"],
  ["import", "google-gax"],
  ["import", "@google-ads/admanager"],
];

export const name = "import";

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose import is measured as well */
export async function measure({ before }) {
  const subjects = SUBJECTS.map(([how, specifier]) => ({
    key: `${how}/${specifier}`,
    title: how === "require" ? `${specifier} (CommonJS)` : specifier,
    args: [how, specifier],
  }));
  if (before !== undefined) {
    const args = ["import", entryIn(before, "longrunning/admanager")];
    subjects.push({ key: "before", title: "longrunning/admanager, before", args });
  }
  const result = await measureStarts("subjects/import.mjs", subjects);
  return {
    title: "Import",
    columns: ["package", "ms", "CPU ms"],
    ...result,
  };
}
