// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, OUTPUT_FLAGS } from "../arguments/flags.js";
import type { ProcessContext } from "../process.js";
import type { TrustFlags } from "../session/trust.js";
import { addExamples } from "./start.js";

/** `trust [FILE...]`: lets files shape requests that carry a credential. */
export function addTrust(program: Command, context: ProcessContext, end: (status: number) => void): void {
  const command = program
    .command("trust")
    .summary("let a longrunning.yaml set where calls with a credential go")
    .description(
      "Trusts a profile with the service configuration that it names, or a service configuration by itself, as they are " +
        "now: after a change they have to be trusted again. Without it, a file outside of your own configuration cannot " +
        "set anything of a request that carries a credential.",
    )
    .argument("[file...]", "the files (default: longrunning.yaml)")
    .option("--list", "show what is trusted")
    .option("--revoke", "trust the files no longer");
  addFlags(command, "Output:", OUTPUT_FLAGS);
  addExamples(command, "trust", "trust --list", "trust --revoke longrunning.yaml");
  command.action(async (files: string[], flags: TrustFlags) => {
    const { runTrust } = await import("../session/trust.js");
    end(await runTrust(files, flags, context));
  });
}
