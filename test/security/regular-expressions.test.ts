// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `npm run regex:check` applies the check to src/; this shows that it finds what it is there for.

const SLOW = [
  ["/ +$/", "2nd degree polynomial"],
  ["/_+([a-z])/g", "2nd degree polynomial"],
  ["/^(a|a)*b/", "exponential"],
  ['new RegExp("^(a|a)" + "*b", "i")', "exponential", "/^(a|a)*b/i"],
  ["RegExp(process.argv[2])", "is made of more than literal texts", "a regular expression that"],
] as const;
const QUICK = ["/^ +x?$/", "/_+([a-z]?)/g", "/={1,2}$/", 'new RegExp("^a+" + "b")'];

/** What the check prints about a file with these patterns, from its second line on. */
async function check(patterns: readonly string[]): Promise<{ passes: boolean; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-regex-"));
  writeFileSync(
    join(folder, "a.ts"),
    `// /(a+)+$/ in a comment is none\nexport const patterns = [${patterns.join(",\n")}];\n`,
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

test("the check rejects each pattern that is not linear, by its place, and no other", async () => {
  const { passes, output } = await check([...SLOW.map(([pattern]) => pattern), ...QUICK]);
  expect(passes).toBe(false);
  for (const [index, [pattern, complexity, shown = pattern]] of SLOW.entries()) {
    expect(output).toContain(`a.ts:${2 + index}: ${shown} ${complexity}`);
  }
  for (const pattern of QUICK) expect(output).not.toContain(`: ${pattern} `);
}, 60_000);

test("the check takes patterns that are linear", async () => {
  expect(await check([QUICK[0] ?? "", QUICK[3] ?? ""])).toEqual({
    passes: true,
    output: "2 regular expressions take linear time\n",
  });
}, 60_000);
