// SPDX-License-Identifier: Apache-2.0
import type { Command, Option } from "commander";

/** The shells that completion scripts are there for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The script that makes one shell complete commands, flags and the flags' choices. */
export function completionScript(shell: (typeof SHELLS)[number], program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: command.options.filter((option) => !option.hidden),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
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

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
  readonly words: readonly string[];
}

function bash(commands: readonly Entry[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, options, words }) => {
    const flags = options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat()).join(" ");
    return `    ${name}) words="${[flags, ...words].join(" ").trim()} --help" ;;`;
  });
  const choices = new Map(
    commands.flatMap(({ options }) => options).map((option) => [option.long, option.argChoices]),
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
_longrunning() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  # Bash takes --flag=value for three words, zsh for one.
  local prefix=""
  case "$current" in
    =) current="" ;;
    --*=*) previous="\${current%%=*}" prefix="\${current%%=*}=" current="\${current#*=}" ;;
    *) if [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi ;;
  esac
  case "$previous" in
${values.join("\n")}
    --service-config|--token-file|--script|--state|--profile) COMPREPLY=($(compgen -P "$prefix" -f -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$current")); return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) words="${names}" ;;
    *) words="--help" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _longrunning longrunning
`;
}

function fish(commands: readonly Entry[]): string {
  const text = (words: string) => `'${words.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = commands.flatMap(({ name, summary, options, words }) => [
    `complete -c longrunning -f -n __fish_use_subcommand -a ${name} -d ${text(summary)}`,
    ...options.map((option) => {
      const { long = "", required, argChoices, description } = option;
      const takes = argChoices !== undefined ? ` -x -a ${text(argChoices.join(" "))}` : required ? " -r" : "";
      const letter = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
      return `complete -c longrunning -n '__fish_seen_subcommand_from ${name}'${letter} -l ${long.slice(2)}${takes} -d ${text(description)}`;
    }),
    ...(words.length === 0
      ? []
      : [`complete -c longrunning -f -n '__fish_seen_subcommand_from ${name}' -a ${text(words.join(" "))}`]),
  ]);
  return `# fish completion for longrunning: longrunning completion fish | source\n${lines.join("\n")}\n`;
}
