// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";

/** The shells with a completion script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The script for one shell, which completes commands, flags and their values; `apis` are the values of `--api`. */
export function completionScript(
  shell: (typeof SHELLS)[number],
  program: Command,
  apis: readonly string[],
): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: command.options
      .filter((option) => !option.hidden)
      .map(({ long = "", short, required, flags, argChoices, description }) => {
        const choices = long === "--api" ? [...apis, "generic"] : argChoices;
        return { long, short, required, isFile: flags.includes("<file>"), choices, description };
      }),
    takesFiles: command.registeredArguments.some((argument) => argument.name() === "file"),
    words:
      command.name() === "apis"
        ? apis
        : command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef longrunning\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

interface EntryOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly required: boolean;
  /** Whether its value is a file. */
  readonly isFile: boolean;
  readonly choices: readonly string[] | undefined;
  readonly description: string;
}

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly EntryOption[];
  readonly takesFiles: boolean;
  readonly words: readonly string[];
}

function bash(commands: readonly Entry[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, options, words, takesFiles }) => {
    const flags = options.flatMap(({ short, long }) => [short ?? [], long].flat()).join(" ");
    const files = takesFiles ? ` _longrunning_files "" "$current";` : "";
    return `    ${name})${files} words="${[flags, ...words].join(" ").trim()} --help" ;;`;
  });
  const files = new Set(
    commands.flatMap(({ options }) => options.filter(({ isFile }) => isFile).map(({ long }) => long)),
  );
  const choices = new Map(
    commands.flatMap(({ options }) => options).map(({ long, choices }) => [long, choices]),
  );
  const shorts = new Map(commands.flatMap(({ options }) => options).map(({ long, short }) => [long, short]));
  const values = [...choices].flatMap(([long, given]) =>
    given === undefined
      ? []
      : [
          `    ${[long, shorts.get(long) ?? []].flat().join("|")}) COMPREPLY=($(compgen -P "$prefix" -W "${given.join(" ")}" -- "$current")); return ;;`,
        ],
  );
  return `# bash completion for longrunning: eval "$(longrunning completion bash)"
_longrunning_files() {
  local IFS=$'\\n' # a name may have blanks, which bash then escapes
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -P "$1" -f -- "$2"))
}
_longrunning() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  COMPREPLY=()
  # Bash takes --flag=value for three words, zsh for one.
  local prefix=""
  case "$current" in
    =) current="" ;;
    --*=*) previous="\${current%%=*}" prefix="\${current%%=*}=" current="\${current#*=}" ;;
    *) if [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi ;;
  esac
  case "$previous" in
${values.join("\n")}
    ${[...files].join("|")}) _longrunning_files "$prefix" "$current"; return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$current")); return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) words="${names}" ;;
    *) words="--help" ;;
  esac
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -F _longrunning longrunning
`;
}

function fish(commands: readonly Entry[]): string {
  const text = (words: string) => `'${words.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = commands.flatMap(({ name, summary, options, words }) => [
    `complete -c longrunning -f -n __fish_use_subcommand -a ${name} -d ${text(summary)}`,
    ...options.map(({ long, short, required, choices, description }) => {
      const values = long === "--api" ? "'$__longrunning_apis'" : text((choices ?? []).join(" "));
      const takes = choices !== undefined ? ` -x -a ${values}` : required ? " -r" : "";
      const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
      return `complete -c longrunning -n '__fish_seen_subcommand_from ${name}'${letter} -l ${long.slice(2)}${takes} -d ${text(description)}`;
    }),
    ...(words.length === 0
      ? []
      : [`complete -c longrunning -f -n '__fish_seen_subcommand_from ${name}' -a ${text(words.join(" "))}`]),
  ]);
  const apis = commands.flatMap(({ options }) => options).find(({ long }) => long === "--api")?.choices ?? [];
  return (
    "# fish completion for longrunning: longrunning completion fish | source\n" +
    `set -g __longrunning_apis ${apis.join(" ")}\n${lines.join("\n")}\n`
  );
}
