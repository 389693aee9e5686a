// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { maxHeaderSize } from "node:http";
import { join } from "node:path";
import { root } from "../architecture/source-files.js";

// SECURITY.md says what a peer may cost; the sources say the same.

const read = (file: string) => readFileSync(join(root, file), "utf8");
const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 1024, MiB: 1024 * 1024, s: 1_000, min: 60_000 };

/** `8 MiB` as a number. */
function figureOf(text: string): number {
  const [, digits = "", unit = ""] = /^([\d,]+) ?(\w*)$/.exec(text) ?? [];
  return Number(digits.replaceAll(",", "")) * (UNITS[unit] ?? Number.NaN);
}

/** What a constant, or the default of an option, is in a file. */
function valueIn(file: string, name: string): number {
  const [, product] =
    new RegExp(`\\b(?:const ${name}(?:: number)? =|options\\.${name} \\?\\?) ([\\d_* ]+)`).exec(read(file)) ??
    [];
  return (product ?? "NaN")
    .split("*")
    .reduce((value, factor) => value * Number(factor.replaceAll("_", "")), 1);
}

const section = read("SECURITY.md").split("## What a peer may cost")[1]?.split("\n## ")[0] ?? "";
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| what |"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, what = "", figure = "", , , place = ""]) => ({ what, figure, place }));

test("the table is there", () => expect(rows.length).toBeGreaterThanOrEqual(17));

test.each(rows.filter(({ place }) => place !== "-"))("$what: $figure", ({ figure, place }) => {
  const [, name = "", file = ""] = /^`(\w+)`, `([\w/.-]+)`$/.exec(place) ?? [];
  const value = place.startsWith("Node") ? maxHeaderSize : valueIn(file, name);
  expect({ place, value }).toEqual({ place, value: figureOf(figure) });
});
