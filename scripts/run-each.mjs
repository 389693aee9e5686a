// SPDX-License-Identifier: Apache-2.0

/**
 * Runs each case whose name matches the expression on the command line, prints a line for it, and sets the exit status: 1 if one
 * failed, or if none matched.
 *
 * @param cases - names and what `run` gets
 * @param noun - for the last line: "bundlers"
 */
export async function runEach(cases, noun, run) {
  const [expression = ""] = process.argv.slice(2);
  const wanted = new RegExp(expression, "i");
  const chosen = Object.entries(cases).filter(([name]) => wanted.test(name));
  let failed = 0;
  for (const [name, value] of chosen) {
    const startMs = performance.now();
    try {
      await run(value);
      console.log(`ok      ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      const output = `${error.stdout ?? ""}${error.stderr ?? ""}`;
      console.log(`FAILED  ${name}\n${error.stack ?? JSON.stringify(error.diagnostics)}\n${output}`);
    }
  }
  console.log(`${chosen.length - failed} of ${chosen.length} ${noun} right`);
  process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
}
