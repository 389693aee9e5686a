// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the figures of a run go, for `scripts/hostile-table.mjs`: `HOSTILE_OUT=folder npm run test:long -- test/hostile`. */
export function report(name: string, damages: readonly object[]): void {
  const folder = process.env.HOSTILE_OUT;
  if (folder !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify(damages, null, 2));
}
