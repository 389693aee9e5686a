// SPDX-License-Identifier: Apache-2.0
import {
  createFileRegistry,
  createRegistry,
  type DescService,
  type FileRegistry,
  fromBinary,
  type Registry,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MAX_RECORD_BYTES,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_REQUEST_HEADER_BYTES,
} from "../budgets/budgets.js";
import {
  checkClock,
  checkNumber,
  checkObject,
  invalidValue,
  registryOption,
  rejectUnknownKeys,
} from "../errors/options.js";
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import { type Clock, systemClock } from "../time/clock.js";
import type { Fault } from "./faults/fault.js";
import { checkRows, type ReportRowsScript } from "./operations/report-rows.js";
import type { ReportRuns } from "./operations/report-service.js";
import { checkReports, type ReportScript } from "./operations/saved-reports.js";
import { checkArray, checkCount, checkMs, checkSeed, checkText } from "./option-check.js";
import { type EmulatorScript, parseScript, scriptRegistry } from "./script/script.js";
import { checkHostNames, checkOrigins } from "./server/access-options.js";
import type { TlsFiles } from "./server/http-servers.js";
import { checkClientCa, checkTlsFiles } from "./tls/check.js";
import { createSelfSigned } from "./tls/self-signed.js";

/** TLS options of an emulator. */
export type TlsOptions =
  | TlsFiles
  | {
      /** Creates a certificate for this machine's names, `host` and `allowHosts`, and the authority that signs it. */
      readonly selfSigned: true;
      /** The authority, in PEM, whose certificates clients must bring. @default none need one */
      readonly clientCa?: TlsFiles["clientCa"];
    };

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /** The port; 0 takes a free one. @default 0 */
  readonly port?: number | undefined;
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /**
   * Certificate and key, or `selfSigned` to create them at startup (see `Emulator.ca`). ALPN selects HTTP/1.1 or HTTP/2.
   * @default clear text
   */
  readonly tls?: TlsOptions | undefined;
  /** The clock of the operations. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How the runs that `RunReport` starts behave. @default 10 seconds, then a response; cancel works */
  readonly reportRuns?: ReportRuns | undefined;
  /**
   * The rows of every result that a run has made: rows, or the number of rows to generate; any other result is `NOT_FOUND`.
   * A function gives the rows of a result by its name, whether a run has made it or not.
   *
   * @default 10, with a value of every kind
   */
  readonly reportRows?: ReportRowsScript | undefined;
  /**
   * Saved reports: the columns that `GetReport` and `ListReports` name, and the rows of their results. With any, all other
   * reports are `NOT_FOUND`.
   *
   * @default a report of every name, with the columns of the generated rows
   */
  readonly reports?: readonly ReportScript[] | undefined;
  /**
   * Additional REST bindings, in the form of a service configuration's `http.rules`. The built-in ones are each
   * service's `google.api.http` annotations, Ad Manager's names of report runs, and `POST /v1/operations/**:wait`.
   * @default none
   */
  readonly httpRules?: readonly HttpRuleJson[] | undefined;
  /**
   * Types of the responses, metadata and error details in your scripts; required to write them as JSON.
   * @default only the types of this package
   */
  readonly registry?: Registry | undefined;
  /**
   * Operations, report runs, faults and behaviour of methods, as plain data: the format of the command line's
   * `--script`. Adds to the other options.
   *
   * @default nothing
   */
  readonly script?: unknown;
  /**
   * Additional services to serve, with all of their types: serialized `google.protobuf.FileDescriptorSet`s, as written by
   * `buf build -o image.binpb`. Their methods are `UNIMPLEMENTED`, except those in `script.methods`.
   *
   * @default none
   */
  readonly descriptorSets?: readonly Uint8Array[] | undefined;
  /** Initial faults. @default none */
  readonly faults?: readonly Fault[] | undefined;
  /** Seed of the faults' random numbers. @default 1 */
  readonly seed?: number | undefined;
  /** A file that stores the operations, so that they survive a restart or a crash. @default memory only */
  readonly state?: string | undefined;
  /**
   * Maximum number of operations, not counting deleted ones. At 101% of it, the oldest finished
   * ones are removed, as servers do after some days; running ones never.
   *
   * @default 100_000
   */
  readonly maxOperations?: number | undefined;
  /** Maximum number of calls kept in `calls`, the latest ones. @default 1_000 */
  readonly maxCalls?: number | undefined;
  /** Maximum size of all requests kept in `calls`, in bytes. @default 32 MiB */
  readonly maxRecordBytes?: number | undefined;
  /**
   * Host names that requests may use, besides loopback, IP addresses and `host`. All others are rejected, so that no web
   * page can reach the emulator through its own host name (DNS rebinding).
   *
   * @default none
   */
  readonly allowHosts?: readonly string[] | undefined;
  /**
   * Origins of web pages that may send requests (`https://app.example`), besides those of this machine; `*` allows any.
   * @default none
   */
  readonly allowOrigins?: readonly string[] | undefined;
  /**
   * The token for the control API (`/emulator/v1`), sent as `Authorization: Bearer`. Without one, only this machine may
   * control the emulator.
   *
   * @default none
   */
  readonly controlToken?: string | undefined;
  /** How long a connection may be idle, or a request may take to arrive, in milliseconds. @default 300_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Maximum size of a request body or message, in bytes; larger: HTTP 413, or `RESOURCE_EXHAUSTED`. @default 4 MiB */
  readonly maxRequestBytes?: number | undefined;
  /** Maximum size of a request's headers, in bytes; larger: HTTP 431. @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined;
  /** Maximum wait of `WaitOperation`, in milliseconds. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** How long `close` waits for calls in flight, in milliseconds. @default 1_000 */
  readonly closeGraceMs?: number | undefined;
}

const OPTION_KEYS = {
  port: true,
  host: true,
  tls: true,
  clock: true,
  reportRuns: true,
  reportRows: true,
  reports: true,
  httpRules: true,
  registry: true,
  script: true,
  descriptorSets: true,
  faults: true,
  seed: true,
  state: true,
  maxOperations: true,
  maxCalls: true,
  maxRecordBytes: true,
  allowHosts: true,
  allowOrigins: true,
  controlToken: true,
  idleTimeoutMs: true,
  maxRequestBytes: true,
  maxHeaderBytes: true,
  maxWaitMs: true,
  closeGraceMs: true,
} satisfies Record<keyof EmulatorOptions, true>;

type Optional = "registry" | "state" | "controlToken";
type Parsed = "script" | "descriptorSets" | "tls";

/** The options with every default filled in; three have none. Script and descriptors are parsed. */
export type EmulatorSettings = {
  readonly [K in Exclude<keyof EmulatorOptions, Optional | Parsed>]-?: Exclude<EmulatorOptions[K], undefined>;
} & { readonly [K in Optional]: EmulatorOptions[K] } & {
  readonly script: EmulatorScript;
  readonly tls: TlsFiles | undefined;
  /** The authority for clients to trust, if the certificate was created here. */
  readonly ca: string | undefined;
  readonly services: readonly DescService[];
};

/** Fills in the defaults. @throws TypeError that names an invalid or unknown option */
export function emulatorSettings(options: EmulatorOptions): EmulatorSettings {
  rejectUnknownKeys("startEmulator", options, OPTION_KEYS);
  checkClock("startEmulator", options.clock);
  if (options.state !== undefined) checkText("state", options.state);
  const described = checkArray("descriptorSets", options.descriptorSets ?? []).map(fileRegistryOf);
  const given = registryOption("registry", options.registry);
  const registries = [...(given === undefined ? [] : [given]), ...described];
  const registry = registries.length === 0 ? undefined : createRegistry(...registries);
  const script = parseScript(options.script, scriptRegistry(registry));
  return {
    port: checkPort(options.port ?? 0),
    host: checkHost(options.host ?? "127.0.0.1"),
    ...tlsOf(options),
    clock: options.clock ?? systemClock,
    reportRuns: options.reportRuns ?? script.reportRuns ?? {},
    reportRows: checkRows(options.reportRows ?? 10),
    reports: checkReports([...checkArray("reports", options.reports ?? []), ...script.reports]),
    httpRules: checkArray("httpRules", options.httpRules ?? []),
    registry,
    script,
    services: described.flatMap((files) => [...files].filter((type) => type.kind === "service")),
    faults: [...checkArray("faults", options.faults ?? []), ...script.faults],
    seed: checkSeed(options.seed ?? 1),
    state: options.state,
    maxOperations: checkCount("maxOperations", options.maxOperations ?? 100_000),
    maxCalls: checkCount("maxCalls", options.maxCalls ?? 1_000),
    maxRecordBytes: checkCount("maxRecordBytes", options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES),
    allowHosts: checkHostNames("allowHosts", options.allowHosts ?? []),
    allowOrigins: checkOrigins("allowOrigins", options.allowOrigins ?? []),
    controlToken: checkToken(options.controlToken),
    idleTimeoutMs: checkMs("idleTimeoutMs", options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS),
    maxRequestBytes: checkCount("maxRequestBytes", options.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES),
    maxHeaderBytes: checkCount("maxHeaderBytes", options.maxHeaderBytes ?? DEFAULT_MAX_REQUEST_HEADER_BYTES),
    maxWaitMs: checkMs("maxWaitMs", options.maxWaitMs ?? 60_000),
    closeGraceMs: checkMs("closeGraceMs", options.closeGraceMs ?? 1_000),
  };
}

function tlsOf({ tls, host = "127.0.0.1", allowHosts = [], clock = systemClock }: EmulatorOptions) {
  if (tls === undefined) return { tls, ca: undefined };
  checkObject("tls", tls);
  if ("cert" in tls) return { tls: checkTlsFiles(tls), ca: undefined };
  rejectUnknownKeys("tls", tls, { selfSigned: true, clientCa: true });
  if (tls.selfSigned !== true)
    throw invalidValue("tls.selfSigned", tls.selfSigned, "true, or cert and key instead");
  checkClientCa(tls.clientCa);
  const hosts = new Set(["localhost", "127.0.0.1", "::1", host, ...allowHosts]);
  const { cert, key, ca } = createSelfSigned([...hosts], clock.now());
  return { tls: { cert, key, clientCa: tls.clientCa }, ca };
}

/** Node listens on every address of the machine when the host is empty. */
function checkHost(host: string): string {
  checkText("host", host);
  return host;
}

function checkPort(port: number): number {
  checkNumber("port", port, { min: 0, max: 65_535, whole: true });
  return port;
}

/** An empty token would be no protection at all. */
function checkToken(token: string | undefined): string | undefined {
  if (token === undefined) return token;
  if (typeof token === "string" && /^[\x21-\x7e]{1,1000}$/.test(token)) return token;
  throw new TypeError(
    "controlToken: not a token (expected 1 to 1000 printable ASCII characters, without blanks)",
  );
}

function fileRegistryOf(bytes: Uint8Array, at: number): FileRegistry {
  try {
    const set = fromBinary(FileDescriptorSetSchema, bytes);
    if (set.file.length === 0) throw new Error("it has no files");
    return createFileRegistry(set);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `descriptorSets[${at}]: not a google.protobuf.FileDescriptorSet with all of its imports: ${problem}`,
      { cause },
    );
  }
}
