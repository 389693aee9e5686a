// SPDX-License-Identifier: Apache-2.0

/** What is to be seen on a terminal. */
export interface Screen {
  /** Its rows from the top, without blanks at their ends, down to the last that has something. */
  readonly rows: readonly string[];
  readonly isCursorShown: boolean;
  /** A text longer than a row goes on in the next one. */
  readonly wraps: boolean;
}

/** A control sequence, one of the two old ones that keep the cursor's place and go back to it, or a character. */
const TOKEN = /\u001b\[(?<sequence>[?\d;]*[A-Za-z])|\u001b(?<cursor>[78])|(?<character>.)/gsu;

/**
 * Draws what was written to a terminal, as xterm would. It knows the sequences that the command uses and no others, so that a new
 * one is looked at before it is relied on; an incomplete one at the end is still under way.
 */
export function screenOf(written: string, columns: number): Screen {
  const rows: string[][] = [];
  let place = { row: 0, column: 0 };
  let kept = place;
  let isCursorShown = true;
  let wraps = true;

  const put = (character: string) => {
    if (place.column >= columns)
      place = wraps ? { row: place.row + 1, column: 0 } : { ...place, column: columns - 1 };
    rows[place.row] ??= [];
    const row = rows[place.row] ?? [];
    while (row.length < place.column) row.push(" ");
    row[place.column] = character;
    place = { ...place, column: place.column + 1 };
  };
  const up = (count: number) => (place = { ...place, row: Math.max(0, place.row - count) });
  const control: Record<string, () => void> = {
    "?25h": () => (isCursorShown = true),
    "?25l": () => (isCursorShown = false),
    "?7h": () => (wraps = true),
    "?7l": () => (wraps = false),
    "1G": () => (place = { ...place, column: 0 }),
    "0K": () => rows[place.row]?.splice(place.column),
    "2K": () => rows[place.row]?.splice(0),
    "0J": () => {
      rows[place.row]?.splice(place.column);
      rows.splice(place.row + 1);
    },
  };

  for (const { groups = {} } of written.replace(/\u001b(\[[?\d;]*)?$/, "").matchAll(TOKEN)) {
    const { sequence, cursor, character } = groups;
    if (cursor === "7") kept = place;
    else if (cursor === "8") place = kept;
    else if (character === "\r") place = { ...place, column: 0 };
    else if (character === "\n") place = { ...place, row: place.row + 1 };
    else if (character !== undefined && character !== "\u001b") put(character);
    else if (sequence?.endsWith("m"))
      continue; // a colour
    else if (sequence?.endsWith("A")) up(Number(sequence.slice(0, -1)));
    else if (sequence !== undefined && control[sequence] !== undefined) control[sequence]();
    else throw new Error(`no such control sequence is known here: ${JSON.stringify(sequence)}`);
  }
  const shown = Array.from(rows, (row) => (row ?? []).join("").trimEnd());
  while (shown.at(-1) === "") shown.pop();
  return { rows: shown, isCursorShown, wraps };
}
