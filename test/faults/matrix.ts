// SPDX-License-Identifier: Apache-2.0
import type { Fault, SubjectName } from "./fault.js";
import { SUBJECTS } from "./subjects.js";
import { FAULTS } from "./table.js";

const names = Object.keys(SUBJECTS) as SubjectName[];
const seen = new Map<Fault, Partial<Record<SubjectName, string>>>();

/** Notes what a fault came to. */
export function record(fault: Fault, name: SubjectName, word: string): void {
  seen.set(fault, { ...seen.get(fault), [name]: word });
}

/** How large the table is: a case is a fault on a transport where it can happen. */
export function tableFigures(): { faults: number; cases: number } {
  const happening = (fault: Fault) => names.filter((name) => fault.endings[name].kind !== "n/a").length;
  return { faults: FAULTS.length, cases: FAULTS.reduce((sum, fault) => sum + happening(fault), 0) };
}

/** Prints what every fault came to, in one piece: what was seen, not what the table expects. */
export function printMatrix(): void {
  const width = Math.max(...FAULTS.map(({ title }) => title.length));
  const line = (title: string, cells: readonly string[]) =>
    `${title.padEnd(width)}  ${cells.map((cell) => cell.padEnd(20)).join("")}`.trimEnd();
  const rows = FAULTS.map((fault) =>
    line(
      fault.title,
      names.map((name) => seen.get(fault)?.[name] ?? (fault.endings[name].kind === "n/a" ? "-" : "not run")),
    ),
  );
  const run = [...seen.values()].reduce((sum, cells) => sum + Object.keys(cells).length, 0);
  const { faults } = tableFigures();
  process.stdout.write(
    `\n${[line("fault", names), ...rows].join("\n")}\n${faults} faults x ${names.length} transports: ${run} cases run\n`,
  );
}
