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
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import { type Clock, systemClock } from "../time/clock.js";
import type { Fault } from "./faults/fault.js";
import { checkRows, type ReportRowsScript } from "./operations/report-rows.js";
import type { ReportRuns } from "./operations/report-service.js";
import { checkCount, checkMs, checkOptions } from "./option-check.js";
import { type EmulatorScript, parseScript, scriptRegistry } from "./script/script.js";
import type { TlsFiles } from "./server/http-servers.js";
import { createSelfSigned } from "./tls/self-signed.js";

/** How an emulator is reached over TLS. */
export type TlsOptions =
  | TlsFiles
  | {
      /** Makes a certificate for this machine's names and `host`, `allowHosts` included, and the authority behind it. */
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
  /** Certificate and key, or `selfSigned` for ones made now (see `Emulator.ca`); HTTP/1.1 and HTTP/2 are then told apart by ALPN. @default cleartext */
  readonly tls?: TlsOptions | undefined;
  /** The time that operations live in. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How the runs that `RunReport` starts behave. @default 10 seconds, then a response; cancel works */
  readonly reportRuns?: ReportRuns | undefined;
  /**
   * The rows of every report's result: rows, their number to have them made, or a function of the result's name.
   *
   * @default 10, with a value of every kind
   */
  readonly reportRows?: ReportRowsScript | undefined;
  /**
   * More REST names, in the shape of a service configuration's `http.rules`. They add to the ones that are
   * always there: each service's `google.api.http` annotations, Ad Manager's names of report runs, and `POST
   * /v1/operations/**:wait`.
   * @default none
   */
  readonly httpRules?: readonly HttpRuleJson[] | undefined;
  /**
   * Types of the responses, metadata and error details in your scripts, which JSON cannot be written without.
   * @default none but those that this package has
   */
  readonly registry?: Registry | undefined;
  /**
   * Operations, report runs, faults and what methods start, as plain data: what the command line reads from
   * `--script`. Adds to the other options.
   *
   * @default nothing
   */
  readonly script?: unknown;
  /**
   * Services to serve besides, with all of their types: `google.protobuf.FileDescriptorSet`s in bytes, as `buf build
   * -o image.binpb` writes them. Their methods are `UNIMPLEMENTED`, but for those in `script.methods`.
   *
   * @default none
   */
  readonly descriptorSets?: readonly Uint8Array[] | undefined;
  /** What goes wrong, from the start. @default nothing */
  readonly faults?: readonly Fault[] | undefined;
  /** Where the faults' randomness starts. @default 1 */
  readonly seed?: number | undefined;
  /** A file to keep the operations in, so that they survive a restart or a kill. @default memory only */
  readonly state?: string | undefined;
  /**
   * Operations kept, the deleted ones apart. Beyond (by a hundredth, to be exact) the oldest finished ones are
   * forgotten, as servers do after some days; running ones never.
   *
   * @default 100_000
   */
  readonly maxOperations?: number | undefined;
  /** Calls kept in `calls`, the latest ones. @default 1_000 */
  readonly maxCalls?: number | undefined;
  /** Bytes of requests kept in `calls`, all calls together. @default 32 MiB */
  readonly maxRecordBytes?: number | undefined;
  /**
   * Host names that requests may be for, besides loopback, IP addresses and `host`. All others are rejected, so that no
   * web page reaches the emulator by a name of its own (DNS rebinding).
   *
   * @default none
   */
  readonly allowHosts?: readonly string[] | undefined;
  /**
   * Origins of web pages that may send requests (`https://app.example`), besides those of this machine; `*` is every one.
   * @default none
   */
  readonly allowOrigins?: readonly string[] | undefined;
  /**
   * The token that requests to the control API (`/emulator/v1`) bring as `Authorization: Bearer`. Without one, only this
   * machine may control the emulator.
   *
   * @default none
   */
  readonly controlToken?: string | undefined;
  /** How long a connection may be idle, or a request be on its way, in milliseconds. @default 300_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** The largest request body or message. Above: HTTP 413, or `RESOURCE_EXHAUSTED`. @default 4 MiB */
  readonly maxRequestBytes?: number | undefined;
  /** The largest request head. Above: HTTP 431. @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined;
  /** The longest that `WaitOperation` waits. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** How long `close` lets calls in flight go on. @default 1_000 */
  readonly closeGraceMs?: number | undefined;
}

const OPTION_KEYS: ReadonlySet<string> = new Set(
  Object.keys({
    port: true,
    host: true,
    tls: true,
    clock: true,
    reportRuns: true,
    reportRows: true,
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
  } satisfies Record<keyof EmulatorOptions, true>),
);

type Optional = "registry" | "state" | "controlToken";
type Parsed = "script" | "descriptorSets" | "tls";

/** The options with every default filled in; three have none. Script and descriptors are parsed. */
export type EmulatorSettings = {
  readonly [K in Exclude<keyof EmulatorOptions, Optional | Parsed>]-?: Exclude<EmulatorOptions[K], undefined>;
} & { readonly [K in Optional]: EmulatorOptions[K] } & {
  readonly script: EmulatorScript;
  readonly tls: TlsFiles | undefined;
  /** What clients are to trust, when the certificate was made here. */
  readonly ca: string | undefined;
  readonly services: readonly DescService[];
};

/** Fills in the defaults. A bad or unknown option is a `TypeError` that names it. */
export function emulatorSettings(options: EmulatorOptions): EmulatorSettings {
  checkOptions("the emulator", options, OPTION_KEYS);
  const described = (options.descriptorSets ?? []).map(fileRegistryOf);
  const registries = [...(options.registry === undefined ? [] : [options.registry]), ...described];
  const registry = registries.length === 0 ? undefined : createRegistry(...registries);
  const script = parseScript(options.script, scriptRegistry(registry));
  return {
    port: options.port ?? 0,
    host: options.host ?? "127.0.0.1",
    ...tlsOf(options),
    clock: options.clock ?? systemClock,
    reportRuns: options.reportRuns ?? script.reportRuns ?? {},
    reportRows: checkRows(options.reportRows ?? 10),
    httpRules: options.httpRules ?? [],
    registry,
    script,
    services: described.flatMap((files) => [...files].filter((type) => type.kind === "service")),
    faults: [...(options.faults ?? []), ...script.faults],
    seed: options.seed ?? 1,
    state: options.state,
    maxOperations: checkCount("maxOperations", options.maxOperations ?? 100_000),
    maxCalls: checkCount("maxCalls", options.maxCalls ?? 1_000),
    maxRecordBytes: checkCount("maxRecordBytes", options.maxRecordBytes ?? 32 * 1024 * 1024),
    allowHosts: (options.allowHosts ?? []).map((name) => name.toLowerCase()),
    allowOrigins: options.allowOrigins ?? [],
    controlToken: checkToken(options.controlToken),
    idleTimeoutMs: checkMs("idleTimeoutMs", options.idleTimeoutMs ?? 300_000),
    maxRequestBytes: checkCount("maxRequestBytes", options.maxRequestBytes ?? 4 * 1024 * 1024),
    maxHeaderBytes: checkCount("maxHeaderBytes", options.maxHeaderBytes ?? 16 * 1024),
    maxWaitMs: checkMs("maxWaitMs", options.maxWaitMs ?? 60_000),
    closeGraceMs: checkMs("closeGraceMs", options.closeGraceMs ?? 1_000),
  };
}

function tlsOf({ tls, host = "127.0.0.1", allowHosts = [], clock = systemClock }: EmulatorOptions) {
  if (tls === undefined || "cert" in tls) return { tls, ca: undefined };
  checkOptions("tls", tls, new Set(["selfSigned", "clientCa"]));
  const hosts = new Set(["localhost", "127.0.0.1", "::1", host, ...allowHosts]);
  const { cert, key, ca } = createSelfSigned([...hosts], clock.now());
  return { tls: { cert, key, clientCa: tls.clientCa }, ca };
}

/** An empty token would be no protection at all. */
function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]{1,1000}$/.test(token)) return token;
  throw new TypeError(
    "controlToken: not a token (expected 1 to 1000 printable ASCII characters, without blanks)",
  );
}

function fileRegistryOf(bytes: Uint8Array, at: number): FileRegistry {
  try {
    return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `descriptorSets[${at}]: not a google.protobuf.FileDescriptorSet with all of its imports: ${problem}`,
      { cause },
    );
  }
}
