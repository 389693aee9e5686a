// SPDX-License-Identifier: Apache-2.0
import type { Command } from "commander";
import { addFlags, OUTPUT_FLAGS, type PlainFlags } from "../arguments/flags.js";
import { EXIT } from "../exit-status.js";
import type { ProcessContext } from "../process.js";
import { addExamples } from "./start.js";

/** `apis [FILTER]`: the APIs that `--api` takes. */
export function addApis(program: Command, context: ProcessContext, end: (status: number) => void): void {
  const command = program
    .command("apis")
    .summary("list the APIs that --api accepts")
    .description(
      "Lists Google's APIs that have long-running operations: the name for --api, the title, and the versions. One without " +
        "versions does not publish its HTTP rules: it needs --service-config, or --transport grpc, beside --endpoint.",
    )
    .argument("[filter]", "a part of the name or the title");
  addFlags(command, "Output:", OUTPUT_FLAGS);
  addExamples(command, "apis", "apis spanner", "apis vertex --format json");
  command.action(async (filter: string | undefined, flags: PlainFlags) => {
    const { listApis } = await import("../session/apis.js");
    await listApis(filter ?? "", flags, context);
    end(EXIT.ok);
  });
}
