// SPDX-License-Identifier: Apache-2.0
//
// Proves that proto/ is wire-compatible with Google's own files, as the development packages google-gax
// and @google-ads/admanager bring them.
//
//     node scripts/proto-check.mjs [directory of the protos]
//
// Two checks, since each finds differences that the other does not: `buf breaking` in both directions, and a
// comparison of the compiled descriptors that covers every option (http rules, operation_info, signatures, scopes).
// Exit status: 0 when nothing drifted, 1 when something did, 2 when there was nothing to compare.
import { fileURLToPath } from "node:url";
import { breakingChanges } from "./proto-check/buf.mjs";
import { findDifferences } from "./proto-check/differences.mjs";
import { ourImage, upstreamImage } from "./proto-check/images.mjs";
import { leftOut, problemsOfScope, withinScope } from "./proto-check/scope.mjs";
import { aheadOfUpstream } from "./proto-check/tables.mjs";

const protoDirectory = process.argv[2] ?? fileURLToPath(new URL("../proto", import.meta.url));

/** A line of many words, indented and folded for a terminal. @param {string} line */
const wrapped = (line) => `  ${line.replace(/(.{1,96})(?: |$)/g, "$1\n    ").trimEnd()}`;

try {
  const ours = ourImage(protoDirectory);
  const upstream = upstreamImage();
  const scoped = withinScope(ours, upstream);
  const { elements, differences } = findDifferences(scoped.ours, scoped.upstream);
  const drift = [
    ...problemsOfScope(ours, upstream),
    ...differences,
    ...breakingChanges(scoped.ours, scoped.upstream).map(
      (line) => `buf breaking, ours against upstream: ${line}`,
    ),
    ...breakingChanges(scoped.upstream, scoped.ours).map(
      (line) => `buf breaking, upstream against ours: ${line}`,
    ),
  ];

  console.log(`Upstream: ${upstream.sources.join(", ")}.`);
  console.log("Upstream has, and ours leaves out on purpose:");
  for (const line of leftOut(ours, upstream)) console.log(wrapped(line));
  for (const [name, reason] of aheadOfUpstream) console.log(`Ours is ahead of upstream: ${name}: ${reason}`);
  if (drift.length === 0) {
    console.log(`No drift: ${elements} elements in ${ours.files.size} files are the same on the wire.`);
  } else {
    console.error(`Drift, in ${drift.length} findings:`);
    for (const line of drift) console.error(`  ${line}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`proto:check could not compare: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
