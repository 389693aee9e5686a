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

/** Whether a wait ends with an error when five polls in a row fail with a code, and after how many of them. */
async function endOfWait(code: Code): Promise<string> {
  const error = new ConnectError("the poll failed", code);
  const { clock, client } = setUp({
    GetOperation: [running(), error, error, error, error, error, succeeded()],
  });
  let errors = 0;
  const onTransientError = () => {
    errors += 1;
  };
  const wait = client
    .operation(NAME)
    .wait({ onTransientError })
    .then(
      ({ state }) => `${state} after ${errors}`,
      () => `error ${errors + 1}`,
    );
  await clock.advance(10 * 60_000);
  return wait;
}

const ENDS = new Map([
  ["ends at once", "error 1"],
  ["goes on; the third in a row ends it", "error 3"],
  ["goes on", "succeeded after 5"],
]);

test.each(CODES.map((code) => [codeName(code), code] as const))(
  "a poll that fails with %s means what the README's table says",
  async (_, code) => {
    const [, , says = ""] = rowOf(code) ?? [];
    expect([...ENDS.keys()]).toContain(says);
    expect(await endOfWait(code)).toBe(ENDS.get(says));
  },
);

test("the table has rows for the codes that a wait goes on after", () => {
  expect(ROWS).toHaveLength(5);
});
