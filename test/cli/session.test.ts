// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { docExamples } from "../architecture/doc-examples.js";
import { COMMAND, home } from "./command.js";

// The sessions that the documentation shows, typed into a shell: what it prints is what they say.

interface Step {
  readonly typed: string;
  readonly prints: string[];
}

/** What the session of a page types, and what is printed after each line. */
function sessionOf(page: string): Step[] {
  const session = docExamples(page).find(({ language }) => language === "console");
  if (session === undefined) throw new Error(`${page} has no session`);
  const steps: Step[] = [];
  for (const line of session.code.split("\n")) {
    if (line.startsWith("$ ")) steps.push({ typed: line.slice(2), prints: [] });
    else steps.at(-1)?.prints.push(line);
  }
  return steps;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const DONE = "@@ done @@";

/** A shell, in an empty folder, whose output of all kinds comes in the order in which it is written. */
function openShell() {
  const shell = spawn("/bin/sh", [], {
    cwd: home(),
    env: { PATH: process.env.PATH, HOME: home(), NODE: process.execPath, COMMAND },
    detached: true, // as a group: its background jobs end with it
  });
  let text = "";
  let look = () => {};
  shell.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
    look();
  });
  shell.stdin.write("exec 2>&1\n");
  return {
    /** Types a line; the lines that it prints until it is done, or until there are `atLeast` of them. */
    type: (line: string, atLeast: number) =>
      new Promise<string[]>((resolve) => {
        look = () => {
          if (!text.includes(`${DONE}\n`)) return;
          const lines = text.replace(`${DONE}\n`, "").split("\n").slice(0, -1);
          if (lines.length < atLeast) return; // Of a job in the background, which is done at once.
          text = "";
          look = () => {};
          resolve(lines);
        };
        shell.stdin.write(`${line}\nstatus=$?; echo "${DONE}"; (exit $status)\n`);
      }),
    close: () => {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    },
  };
}

/** How far an operation is depends on the moment. */
const timeless = (line: string) => line.replace(/\d+%$/, "N%");

test.each(["README.md", "docs/cli.md"])(
  "the session of %s is what a shell shows",
  async (page) => {
    const port = String(await freePort());
    const shell = openShell();
    try {
      for (const { typed, prints } of sessionOf(page)) {
        const line = typed
          .replaceAll("8080", port)
          .replace(/^(npx )?longrunning /, '"$NODE" "$COMMAND" ')
          .replace(/ &$/, ` --port ${port} &`);
        const printed = await shell.type(line, typed.endsWith("&") ? prints.length : 0);
        expect([typed, ...printed.map(timeless)]).toEqual([
          typed,
          ...prints.map((each) => timeless(each.replaceAll("8080", port))),
        ]);
      }
    } finally {
      shell.close();
    }
  },
  60_000,
);
