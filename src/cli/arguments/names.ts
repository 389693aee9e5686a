// SPDX-License-Identifier: Apache-2.0
import { InvalidArgumentError } from "commander";
import { UsageError } from "../usage-error.js";

/** Maximum length of a name on standard input, in characters. */
const MAX_NAME_LENGTH = 64 * 1024;

/** Reads the argument of a command that takes one name. @throws InvalidArgumentError, to which commander adds the argument */
export function readOneName(name: string): string {
  if (name !== "-") return name;
  throw new InvalidArgumentError('Expected one name; "-" for standard input is for cancel, delete and wait.');
}

/**
 * The names passed to a command. `-` stands for standard input, one name per line, ignoring blank lines; it is read
 * lazily, so that there may be any number of names.
 */
export async function* namesOf(
  given: readonly string[],
  stdin: NodeJS.ReadableStream,
): AsyncGenerator<string, void> {
  if (given.filter((name) => name === "-").length > 1) {
    throw new UsageError('"-" is given twice: standard input can be read once');
  }
  for (const name of given) {
    if (name === "-") yield* linesOf(stdin);
    else yield name;
  }
}

async function* linesOf(stdin: NodeJS.ReadableStream): AsyncGenerator<string, void> {
  stdin.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stdin) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_NAME_LENGTH)
      throw new UsageError("standard input has a line that is too long for a name");
    yield* trimmed(lines);
  }
  yield* trimmed([rest]);
}

function* trimmed(lines: readonly string[]): Generator<string, void> {
  for (const line of lines) {
    const name = line.trim();
    if (name !== "") yield name;
  }
}
