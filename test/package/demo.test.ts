// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../architecture/source-files.js";

const MARKER = "marker-that-nobody-may-see";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "longrunning-demo-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the demo ends well, and neither uses nor shows the credentials of the machine", async () => {
  const file = join(folder, "credentials.json");
  const credentials = {
    type: "authorized_user",
    client_id: MARKER,
    client_secret: MARKER,
    refresh_token: MARKER,
  };
  writeFileSync(file, JSON.stringify(credentials));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, "examples/demo.mjs")], {
    cwd: root,
    env: { ...process.env, GOOGLE_APPLICATION_CREDENTIALS: file, LONGRUNNING_TOKEN: MARKER },
    timeout: 60_000,
  });
  expect(stdout).toContain("Every outcome is the expected one.");
  expect(stdout).toMatch(/sent: POST \/v1\/networks\/123\/operations\/reports\/runs\/\d+:cancel HTTP\/1\.1/);
  expect(`${stdout}${stderr}`).not.toContain(MARKER);
  expect(stderr).toBe("");
}, 60_000);
