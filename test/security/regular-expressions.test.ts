// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `npm run regex:check` applies the check to src/; this shows that it finds what it is there for.

/** What the check prints about a file with one pattern on its second line. */
async function check(pattern: string): Promise<{ passes: boolean; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-regex-"));
  writeFileSync(
    join(folder, "a.ts"),
    `// /(a+)+$/ in a comment is none\nexport const pattern = ${pattern};\n`,
  );
  try {
    return await new Promise((resolve) =>
      execFile(process.execPath, ["scripts/regex-check.mjs", folder], (error, stdout, stderr) =>
        resolve({ passes: error === null, output: stdout + stderr }),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ["/ +$/", "2nd degree polynomial"],
  ["/_+([a-z])/g", "2nd degree polynomial"],
  ["/^(a|a)*b/", "exponential"],
])("the check rejects %s", async (pattern, complexity) => {
  const { passes, output } = await check(pattern);
  expect(passes).toBe(false);
  expect(output).toContain(`a.ts:2: ${pattern} ${complexity}`);
});

test.each(["/^ +x?$/", "/_+([a-z]?)/g", "/={1,2}$/"])("the check takes %s", async (pattern) => {
  expect(await check(pattern)).toEqual({ passes: true, output: "1 regular expressions take linear time\n" });
});
