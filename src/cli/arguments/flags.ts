// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError, Option } from "commander";
import { rememberTexts } from "../../errors/sent-secrets.js";
import { parseDuration } from "./duration.js";
import { type AnyFormatName, FORMATS } from "./format-name.js";

/** The flags that determine a request: server, protocol and credential. See ./origin.ts for the files that may set them. */
export interface RequestFlags {
  readonly api?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly transport?: "rest" | "grpc" | undefined;
  readonly serviceConfig?: string | undefined;
  readonly httpPrefix?: string | undefined;
  readonly allowInsecure?: boolean | undefined;
  readonly header?: readonly string[] | undefined;
  readonly quotaProject?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly tokenFile?: string | undefined;
  readonly auth?: boolean | undefined;
}

/** The flags that any file may set: they affect neither the contents nor the destination of requests. */
export interface PlainFlags {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /** Milliseconds. */
  readonly interval?: number | undefined;
  readonly retry?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly format?: AnyFormatName | undefined;
  readonly color?: "always" | "auto" | "never" | undefined;
  readonly quiet?: boolean | undefined;
}

/** The values of the flags that many commands share; `undefined` if neither the command line nor a file sets one. */
export type Flags = RequestFlags & PlainFlags;

/** A line of the help page, and how its value is parsed. */
type Flag = () => Option;

const flag = (text: string, help: string, read?: (value: string) => unknown): Option => {
  const option = new Option(text, help);
  return read === undefined ? option : option.argParser(read);
};

/** Destination and credential of the calls. */
export const TARGET_FLAGS: readonly Flag[] = [
  () => flag("--api <api>", "the API: spanner, run/v2, ...; generic for any other (default: admanager)"),
  () => flag("--region <region>", "the region whose endpoint is called: us-central1 (default: none)"),
  () => flag("--endpoint <url>", "the API's URL: https://host[:port][/prefix], or http: to this machine"),
  () => flag("--transport <protocol>", "rest or grpc (default: rest)").choices(["rest", "grpc"]),
  () => flag("--service-config <file>", "the API's service configuration (YAML), for its HTTP rules"),
  () => flag("--http-prefix <path>", "the path before names in URLs, without rules (default: /v1)"),
  () => flag("--header <name: value>", "a header for every call; may be repeated").argParser(collectHeader),
  () => flag("--quota-project <project>", "the project to bill and to count quota against"),
  () => flag("--scopes <scopes>", "OAuth scopes to request, separated by commas", readList),
  () => flag("--token-file <file>", "a file with an access token (or: LONGRUNNING_TOKEN)"),
  // Before --no-auth, or commander treats it as given by default.
  () => flag("--auth", "send a credential, though a profile has auth: false").hideHelp(),
  () => flag("--no-auth", "send no credential, as to this machine anyway"),
  () => flag("--allow-insecure", "allow http: to other machines, unencrypted, without credential"),
];

/** Timeouts and retries. */
export const TIME_FLAGS: readonly Flag[] = [
  () => flag("--timeout <duration>", "the time for a call, or a whole wait: 30s, 1h30m", readDuration),
  () => flag("--retry <times>", "how many retries when the server is unavailable", readCount(0)),
];

/** For commands that poll. */
export const WAIT_FLAGS: readonly Flag[] = [
  () => flag("--interval <duration>", "the pause between two polls (default: growing)", readDuration),
];

/** For commands that accept many names. */
export const MANY_FLAGS: readonly Flag[] = [
  () =>
    flag(
      "--concurrency <count>",
      "how many names to process at a time (default: 16, of wait 100)",
      readCount(1),
    ),
];

const SHOWN_FLAGS: readonly Flag[] = [
  () =>
    flag("--color [when]", "always, auto or never (default: auto)")
      .choices(["always", "auto", "never"])
      .preset("always"),
  () => flag("-q, --quiet", "print data and errors only: no notes, no progress"),
];

/** Output format. */
export const OUTPUT_FLAGS: readonly Flag[] = [
  () => flag("-o, --format <format>", "text, json, yaml or ndjson (default: text)").choices(FORMATS),
  ...SHOWN_FLAGS,
];

/** The output of commands that read rows. */
export const ROWS_OUTPUT_FLAGS: readonly Flag[] = [
  () => flag("-o, --output <file>", "write the rows to this file, once all are read"),
  () => flag("--allow-formulas", "no ' before text of CSV that begins like a formula"),
  () => flag("--page-size <rows>", "the most rows of a request (default: 1000)", readCount(1)),
  ...SHOWN_FLAGS,
];

/** The parts of the log that `--log-http` writes. */
export type HttpLog = "lines" | "body";

/** What is logged to standard error. No file sets these flags: a body is for the one who asks for it. */
export const LOG_FLAGS: readonly Flag[] = [
  () => flag("--verbose", "log requests, retries, polls and states to stderr"),
  () =>
    flag("--log-http [part]", "log requests, retries, polls; =body: messages, too")
      .choices(["lines", "body"] satisfies HttpLog[])
      .preset("lines" satisfies HttpLog),
];

/** For commands that wait: what Ctrl-C does to the operations. */
export const INTERRUPT_FLAGS: readonly Flag[] = [
  () => flag("--cancel-on-interrupt", "Ctrl-C cancels what is waited for, and says how"),
];

/** Adds flags to a command, under a heading of its help page. */
export function addFlags(command: Command, heading: string, flags: readonly Flag[]): Command {
  for (const make of flags) command.addOption(make().helpGroup(heading));
  return command;
}

/** Every flag that a profile may set, by its name there. */
export function profileOptions(): Map<string, Option> {
  const all = [TARGET_FLAGS, TIME_FLAGS, WAIT_FLAGS, MANY_FLAGS, OUTPUT_FLAGS].flat().map((make) => make());
  return new Map(
    all.filter((option) => !option.negate).map((option) => [option.long?.slice(2) ?? "", option]),
  );
}

/** Parses a positive duration. @throws InvalidArgumentError, to which commander adds the flag's name */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0)
    throw new InvalidArgumentError("Expected a duration such as 30s, 5m or 1h30m.");
  return ms;
}

/** Parses an integer from `least` to 10,000. */
export function readCount(least: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= least && count <= 10_000) return count;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to 10000.`);
  };
}

function readList(text: string): string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidArgumentError("Expected one or more, separated by commas.");
  return parts;
}

/** A name as HTTP has it, and a value in Latin-1 without controls (RFC 9110, section 5.5). */
const HEADER = /^[!#$%&'*+.^`|~\w-]+:[\t\x20-\x7e\x80-\xff]*$/;

function collectHeader(text: string, before: readonly string[] = []): string[] {
  if (HEADER.test(text)) return [...before, text];
  rememberTexts([text]); // The error quotes it, and it may hold a credential.
  throw new InvalidArgumentError('Expected "name: value", in Latin-1.');
}
