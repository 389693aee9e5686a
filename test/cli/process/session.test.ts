// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from "node:timers/promises";
import { docExamples } from "../../architecture/doc-examples.js";
import { openShell } from "./shell.js";

/** The sessions of the documents, each of which says of itself that it was typed and printed so. */
const SESSIONS = ["README.md", "docs/cli.md"].flatMap((file) =>
  docExamples(file).filter(({ language }) => language === "console"),
);

/** A line that is typed, and the lines that follow it in the document. */
interface Step {
  readonly line: string;
  readonly answer: readonly string[];
}

function stepsOf(code: string): Step[] {
  return code
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [line = "", ...answer] = step.trimEnd().split("\n");
      return { line, answer };
    });
}

test("the README and docs/cli.md have a session each", () => {
  expect(SESSIONS.map(({ at }) => at.replace(/:\d+$/, ""))).toEqual(["README.md", "docs/cli.md"]);
});

// That of docs/cli.md follows a report run of ten seconds.
test.each(SESSIONS)(
  "$at prints what it shows",
  async ({ code }) => {
    expect(comparable(await played(stepsOf(code)))).toEqual(comparable(code));
  },
  60_000,
);

/** Types a session line by line, and returns it with what was really printed. */
async function played(steps: readonly Step[]): Promise<string> {
  const shell = openShell();
  const shown: string[] = [];
  let port = "8080";
  try {
    for (const { line, answer } of steps) {
      const from = shell.printed().length;
      if (line.endsWith(" &")) {
        await shell.type(line.replace(/ &$/, " --port 0 &"));
        await patience(shell.until((printed) => linesOf(printed.slice(from)).length >= answer.length));
        port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(shell.printed())?.[1] ?? port;
      } else {
        await shell.type(line.replaceAll(":8080", `:${port}`));
      }
      shown.push(`$ ${line}`, ...linesOf(shell.printed().slice(from)));
    }
  } finally {
    await shell.close();
  }
  return shown.join("\n").replaceAll(`:${port}`, ":8080");
}

/** The lines of a text whose last line has ended. */
const linesOf = (text: string) => text.split("\n").slice(0, -1);

/** Waits for what a program in the background prints: not for ever, so that a line too many fails by the comparison. */
async function patience(printed: Promise<void>): Promise<void> {
  await Promise.race([printed, setTimeout(10_000, undefined, { ref: false })]);
}

/** The lines of a session without what differs from run to run: how far an operation was at a look. */
function comparable(session: string): string[] {
  return (
    session
      .replace(/\d+%/g, "N%")
      .replace(/,\n +"percentComplete": \d+/, "") // An operation that is 0 percent done has no percentage to show.
      // The first look at a run comes before its first percent, unless the machine is slow.
      .replace(/^(started .*\nrunning {4}\S+) {2}N%$/gm, "$1")
      .split("\n")
  );
}
