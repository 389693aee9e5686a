// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError, Option } from "commander";
import { addFlags, type Flags, OUTPUT_FLAGS, readDuration } from "../arguments/flags.js";
import type { EmulatorFlags } from "../emulator/serve.js";
import type { ProcessContext } from "../process.js";
import { addExamples } from "./start.js";

const MINUTE_MS = 60_000;
const HOST = "127.0.0.1";

/** `emulator`: a server of operations on this machine. */
export function addEmulator(program: Command, context: ProcessContext, end: (status: number) => void): void {
  const command = program
    .command("emulator")
    .summary("serve operations on this machine, for tests and trials")
    .description(
      "Serves google.longrunning.Operations and Ad Manager's reports on one port: REST, gRPC, gRPC-Web and Connect. Its " +
        "address is printed first. Ctrl-C ends it.",
    )
    .option("--port <port>", "the port; 0 for any that is free", readPort, 8080)
    .addOption(new Option("--host <address>", "the address to listen on").default(HOST, HOST))
    .addOption(repeated("--start <name>", "start an operation of this name"))
    .addOption(
      new Option("--run-time <duration>", "how long the operations of --start run")
        .argParser(readDuration)
        .default(MINUTE_MS, "1m"),
    )
    .option("--rows <number>", "how many rows the result of a run has (default: 10)", readRows)
    .option("--script <file>", "operations, report runs, methods and faults (YAML); see docs/cli.md")
    .option("--state <file>", "keep the operations in this file, over restarts")
    .addOption(repeated("--descriptor-set <file>", "serve the services in it (buf build -o FILE)"))
    .addOption(repeated("--api <api>", "serve the REST names of an API of Google, such as spanner"))
    .option("--service-config <file>", "an API's HTTP rules, besides the built-in ones")
    .option("--http-prefix <path>", "serve operations of any name over REST below this path, such as /v1");
  for (const option of [
    repeated("--allow-host <name>", "a host name to accept requests for, besides this machine's"),
    repeated("--allow-origin <origin>", "an origin of web pages that may send requests"),
    new Option(
      "--control-token <token>",
      "the token of requests to /emulator/v1, which may then come from anywhere (or: LONGRUNNING_CONTROL_TOKEN)",
    ).env("LONGRUNNING_CONTROL_TOKEN"),
    new Option("--tls-cert <file>", "serve TLS with this certificate (PEM)"),
    new Option("--tls-key <file>", "its key (PEM)"),
    new Option(
      "--tls-self-signed <file>",
      "serve TLS with a new certificate; write its authority to this file",
    ),
    new Option("--tls-client-ca <file>", "accept only clients with certificates of this authority (PEM)"),
  ]) {
    command.addOption(option.helpGroup("Access:"));
  }
  addFlags(command, "Output:", OUTPUT_FLAGS);
  addExamples(
    command,
    "emulator --port 8080 --start networks/123/operations/reports/runs/456",
    "emulator --port 0 --format json",
  );
  command.action(async (flags: EmulatorFlags & Flags) => {
    const { runEmulator } = await import("../emulator/run.js");
    end(await runEmulator(flags, context));
  });
}

function repeated(flags: string, help: string): Option {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return new Option(flags, `${help}; may be repeated`).argParser(collect).default([], "none");
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port, 0 to 65535.");
}

function readRows(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number of rows, 0 to 999999999.");
}
