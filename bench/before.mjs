// SPDX-License-Identifier: Apache-2.0
// A built checkout of an older commit, whose client is measured beside ours in the same rounds.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ratios, spread } from "./statistics.mjs";

/** What is compared, where a run has measured it. Keys are those of the samples of a measure. */
const FIGURES = [
  ["REST cancel, 64 in flight: CPU per call", "calls", "REST, before/facade/64", "REST, before/before/64"],
  ["REST cancel, 1 in flight: CPU per call", "calls", "REST, before/facade/1", "REST, before/before/1"],
  ["gRPC cancel, 64 in flight: CPU per call", "calls", "gRPC, before/facade/64", "gRPC, before/before/64"],
  ["gRPC cancel, 1 in flight: CPU per call", "calls", "gRPC, before/facade/1", "gRPC, before/before/1"],
  ["import of longrunning/admanager: CPU", "import", "import/longrunning/admanager", "before"],
  [
    "first cancel of longrunning/admanager, from process start: CPU",
    "first call",
    "rest/admanager",
    "before",
  ],
  ["longrunning cancel, start to end", "command line", "rest", "before"],
  ["a List page of 1,000 operations over REST: CPU", "list", "rest-longrunning", "before"],
  ["memory per watched operation", "memory", "watched", "before"],
];

/** @throws Error for a folder that holds no built checkout: now, not after minutes */
export function checkCheckout(checkout) {
  if (existsSync(resolve(checkout, "dist/node")) && existsSync(resolve(checkout, "node_modules"))) return;
  throw new Error(`--before: no built checkout (got ${checkout}; expected dist/node and node_modules in it)`);
}

/** A module of a checkout, for `import`. */
export const moduleIn = (checkout, path) => pathToFileURL(resolve(checkout, path)).href;

/** The file that `longrunning/admanager`, say, is in a checkout. */
export const entryIn = (checkout, specifier) =>
  pathToFileURL(createRequire(resolve(checkout, "package.json")).resolve(specifier)).href;

/** The command line of a checkout. */
export const commandIn = (checkout) =>
  resolve(checkout, createRequire(import.meta.url)(resolve(checkout, "package.json")).bin.longrunning);

/** The ratios of ours to those of the checkout, as a section of the report. */
export function compareWithBefore(results, checkout) {
  const rows = FIGURES.flatMap(([figure, measure, ours, before]) => {
    const samples = results.find(({ name }) => name === measure)?.samples ?? {};
    if (samples[ours] === undefined || samples[before] === undefined) return [];
    return [[figure, spread(ratios(samples[ours], samples[before]), 2)]];
  });
  return {
    name: "before",
    title: "Beside an older commit",
    how: `${commitOf(checkout)}, in the same rounds; below 1 is less than before; median (lowest to highest)`,
    columns: ["figure", "this commit / the older one"],
    rows,
    samples: {},
  };
}

function commitOf(checkout) {
  try {
    const args = ["-C", checkout, "log", "-1", "--format=Commit %h of %as"];
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "A checkout without its history";
  }
}
