// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { bundleProgram, type ChildProgram } from "./child-program.js";

let program: ChildProgram;
beforeAll(() => {
  program = bundleProgram("test/transport/response-memory-program.ts");
});
afterAll(() => program.remove());

// A message is several times as large as its JSON: a program whose messages all survive says 6.
test("what came of a call is collected with the young objects, once the call is over", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", program.file], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^-?\d+\.\d+\n$/), stderr: "" });
  expect(Number(stdout)).toBeLessThan(2);
});
