// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeName } from "../../../src/names/code-name.js";
import { NAME, running, setUp, succeeded } from "../scripted-server.js";

const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");

/** What the table of the README says of each code: the text of its row, and that of every other code. */
const ROWS = readme
  .slice(readme.indexOf("| a poll fails with | the wait |"))
  .split("\n\n")[0]
  ?.split("\n")
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()));
const rowOf = (code: Code) =>
  ROWS?.find(([, what = ""]) => what.includes(`\`${codeName(code)}\``)) ??
  ROWS?.find(([, what = ""]) => what.startsWith("every other code"));

const CODES = Object.values(Code).filter((code) => typeof code === "number");

/** How many polls in a row may fail with a code, up to five, until the wait ends. */
async function errorsUntilTheEnd(code: Code): Promise<number> {
  const error = new ConnectError("the poll failed", code);
  const { clock, server, client } = setUp({
    GetOperation: [running(), error, error, error, error, error, succeeded()],
  });
  const wait = client
    .operation(NAME)
    .wait()
    .catch((reason: unknown) => reason);
  await clock.advance(10 * 60_000);
  await wait;
  return server.calls.length - 1;
}

const ERRORS = new Map([
  ["ends at once", 1],
  ["goes on; the third in a row ends it", 3],
  ["goes on", 6],
]);

test.each(CODES.map((code) => [codeName(code), code] as const))(
  "a poll that fails with %s means what the README's table says",
  async (_, code) => {
    const [, , says = ""] = rowOf(code) ?? [];
    expect([...ERRORS.keys()]).toContain(says);
    expect(await errorsUntilTheEnd(code)).toBe(ERRORS.get(says));
  },
);

test("the table has rows for the codes that a wait goes on after", () => {
  expect(ROWS).toHaveLength(5);
});
