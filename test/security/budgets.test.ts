// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { maxHeaderSize } from "node:http";
import { join } from "node:path";
import * as budgets from "../../src/budgets/budgets.js";
import { root } from "../architecture/source-files.js";

// SECURITY.md says what a peer may cost; the module says the same.

const BUDGETS: Readonly<Record<string, number>> = budgets;
const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 1024, MiB: 1024 * 1024, s: 1_000, min: 60_000 };

/** `8 MiB` as a number. */
function figureOf(text: string): number {
  const [, digits = "", unit = ""] = /^([\d,]+) ?(\w*)$/.exec(text) ?? [];
  return Number(digits.replaceAll(",", "")) * (UNITS[unit] ?? Number.NaN);
}

const section =
  readFileSync(join(root, "SECURITY.md"), "utf8").split("## What a peer may cost")[1]?.split("\n## ")[0] ??
  "";
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| what |"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, what = "", figure = "", , , place = ""]) => ({ what, figure, place }));

test("each budget has a row", () => {
  const named = rows.flatMap(({ place }) => /^`([A-Z_]+)`$/.exec(place)?.[1] ?? []);
  expect([...new Set(named)].sort()).toEqual(Object.keys(BUDGETS).sort());
});

test.each(rows.filter(({ place }) => place !== "-"))("$what: $figure", ({ figure, place }) => {
  const value = place.startsWith("Node") ? maxHeaderSize : BUDGETS[place.replaceAll("`", "")];
  expect({ place, value }).toEqual({ place, value: figureOf(figure) });
});
