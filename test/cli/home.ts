// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "longrunning-cli-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An empty folder of this test file, which is gone with it: the working directory and the home of what it runs. */
export function home(): string {
  return folder;
}
