// SPDX-License-Identifier: Apache-2.0
import { isSecretField } from "../../errors/secrets.js";
import { TARGET_FLAGS, WAIT_FLAGS } from "./flags.js";
import type { TypedFlags } from "./settings.js";

/** Maximum number of names in such a line; a caller with more has its own list. */
export const MAX_NAMES = 5;

/** The command line for another action on the same operations and server; contains no secret headers. */
export function commandLine(command: string, names: readonly string[], typed: TypedFlags): string {
  const values = typed as Readonly<Record<string, unknown>>;
  const flags = [TARGET_FLAGS, WAIT_FLAGS].flat().flatMap((make) => {
    const option = make();
    const value = values[option.attributeName()];
    const long = option.long ?? "";
    if (value === undefined) return [];
    // --auth and --no-auth are two options with one attribute.
    if (!option.required && !option.optional) return value === !option.negate ? [long] : [];
    const texts =
      option.attributeName() === "header" && Array.isArray(value) ? value.map(shownHeader) : [value];
    return texts.flatMap((text) => [
      long,
      quoted(option.attributeName() === "interval" ? `${text}ms` : String(text)),
    ]);
  });
  const profile =
    typed.profile === false ? ["--no-profile"] : typed.profile ? ["--profile", quoted(typed.profile)] : [];
  const shown = names.slice(0, MAX_NAMES).map(quoted);
  return [
    "longrunning",
    command,
    ...shown,
    ...(names.length > MAX_NAMES ? ["..."] : []),
    ...flags,
    ...profile,
  ].join(" ");
}

function shownHeader(text: string): string {
  const [name = ""] = text.split(":", 1);
  return isSecretField(name, text.slice(name.length + 1)) ? `${name}: ...` : text;
}

/** A word quoted for a shell. */
export function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
