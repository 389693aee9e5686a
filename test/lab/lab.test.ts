// SPDX-License-Identifier: Apache-2.0
import { bundleProgram, type ChildProgram } from "../transport/child-program.js";
import { LAB } from "./table.js";

// The connect lab: servers of another process that misbehave at each stage of a connection, against the three transports. Its
// client is a process as well, so that one that dies is seen to. `npm run test:lab` runs it under several Node versions.

let server: ChildProgram;
beforeAll(() => {
  server = bundleProgram("test/lab/server.ts");
});
afterAll(() => server.remove());

test("each case of the table ends as documented, the process lives and ends by itself, and the next call works", async () => {
  const client = bundleProgram("test/lab/client.ts");
  const { output, status } = await client.runFor(120_000, server.file);
  client.remove();
  expect({ output, status }).toEqual({
    output: `${JSON.stringify({ cases: LAB.length, flaws: {} })}\n`,
    status: 0,
  });
}, 130_000);

test("fresh transports whose call is given up while they connect: no crash, and no other ending", async () => {
  const client = bundleProgram("test/lab/give-up.ts");
  const { output, status } = await client.runFor(60_000, server.file, "50");
  client.remove();
  expect({ output, status }).toEqual({ output: expect.stringContaining('"others":[]'), status: 0 });
}, 70_000);
