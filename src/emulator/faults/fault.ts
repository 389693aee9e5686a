// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { type Code, ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "../../../gen/google/rpc/error_details_pb.js";
import { checkNumber, checkObject, invalidValue, rejectUnknownKeys } from "../../errors/options.js";
import { MAX_DURATION_SECONDS } from "../../json/time-json.js";
import { checkArray, checkCode, checkCount, checkMs, checkOneOf, checkText } from "../option-check.js";
import type { FaultPage } from "./connection.js";
import { checkFaultMethod } from "./fault-method.js";

/** Selects the calls that a fault affects. All given conditions must hold. */
export interface FaultTarget {
  /**
   * The full name of a method, `google.longrunning.Operations.GetOperation`; that of a service which is not served yet counts
   * once it is.
   *
   * @default every method
   */
  readonly method?: string | undefined;
  /** Calls about this resource or one below it, by the request's `name` or `parent`. @default every resource */
  readonly parent?: string | undefined;
  /** Calls with this value in the header `x-emulator-session`. @default every call */
  readonly session?: string | undefined;
  /** Every n-th of the calls that the other conditions select, counted since the fault was added. @default 1 */
  readonly everyNth?: number | undefined;
  /** 0 to 1, drawn from the emulator's seed. @default 1 */
  readonly probability?: number | undefined;
  /** Maximum number of calls that it affects. @default Infinity */
  readonly times?: number | undefined;
}

/**
 * The kinds of faults.
 *
 * - `delay`: the call takes `minMs` longer, or a random time between `minMs` and `maxMs`.
 * - `error`: the call fails with a code before the service sees it. `retryDelayMs` adds a google.rpc.RetryInfo and
 *   `Retry-After`.
 * - `reset`: the connection breaks (a TCP reset, without a byte of a response), either before the service sees the
 *   call or after it has done the work. In the second case the response is lost, which makes it dangerous to retry calls
 *   that are not idempotent. gRPC clients report `UNAVAILABLE`, and so does a fake, which has no connection.
 * - `page`: something in front of the service, e.g. a proxy, responds instead: every client gets `body` unchanged,
 *   with the HTTP status `status`, and maps it to a code by its protocol's table. In-process: REST's table.
 * - `goaway`: this call gets its response, but the connection accepts no more: GOAWAY in HTTP/2,
 *   `Connection: close` in HTTP/1.1.
 */
export type FaultEffect =
  | {
      /** The call takes longer. */
      readonly kind: "delay";
      /** How much longer at least, in milliseconds. */
      readonly minMs: number;
      /** How much longer at most, in milliseconds. @default `minMs` */
      readonly maxMs?: number | undefined;
    }
  | {
      /** The call fails with a code. */
      readonly kind: "error";
      /** A google.rpc.Code, not 0. */
      readonly code: Code;
      /** The text of the error. @default says that the emulator was told to make it */
      readonly message?: string | undefined;
      /** When the client may try again, in milliseconds. @default not said */
      readonly retryDelayMs?: number | undefined;
      /** Details of the error. @default none */
      readonly details?: ConnectError["details"] | undefined;
    }
  | {
      /** The connection breaks. */
      readonly kind: "reset";
      /** Before the service sees the call, or after it has done the work. @default "before" */
      readonly when?: "before" | "after" | undefined;
    }
  | {
      /** Something in front of the service responds. */
      readonly kind: "page";
      /** The HTTP status, 400 to 599. */
      readonly status: number;
      /** What every client gets, as it is. */
      readonly body: string;
      /** The content type of the body. @default "text/html; charset=UTF-8" */
      readonly contentType?: string | undefined;
    }
  | {
      /** The connection takes no more calls. */
      readonly kind: "goaway";
    };

/** A fault, and the calls that it affects. */
export type Fault = FaultTarget & FaultEffect;

const TARGET = {
  kind: true,
  method: true,
  parent: true,
  session: true,
  everyNth: true,
  probability: true,
  times: true,
} as const;

const OPTION_KEYS: Record<Fault["kind"], Record<string, true>> = {
  delay: { ...TARGET, minMs: true, maxMs: true },
  error: { ...TARGET, code: true, message: true, retryDelayMs: true, details: true },
  reset: { ...TARGET, when: true },
  page: { ...TARGET, status: true, body: true, contentType: true },
  goaway: TARGET,
};

/** Printable ASCII, as all clients read it (RFC 9110, section 5.5). */
const HEADER_VALUE = /^[ -~]+$/;

const MAX_RETRY_DELAY_MS = MAX_DURATION_SECONDS * 1_000;

/** Validates a fault. @throws TypeError that names the invalid option */
export function checkFault(fault: Fault, registry: Registry): void {
  checkObject("fault", fault);
  checkOneOf("kind", fault.kind, ["delay", "error", "reset", "page", "goaway"]);
  rejectUnknownKeys(`fault "${fault.kind}"`, fault, OPTION_KEYS[fault.kind]);
  const { method, parent, session, everyNth, probability, times } = fault;
  if (method !== undefined) checkFaultMethod(method, registry);
  if (parent !== undefined) checkText("parent", parent);
  if (session !== undefined) checkText("session", session);
  if (everyNth !== undefined) checkCount("everyNth", everyNth);
  if (times !== undefined && times !== Number.POSITIVE_INFINITY) checkCount("times", times);
  if (probability !== undefined) checkNumber("probability", probability, { min: 0, max: 1 });
  if (fault.kind === "delay") {
    checkMs("minMs", fault.minMs);
    if (fault.maxMs !== undefined && checkMs("maxMs", fault.maxMs) < fault.minMs) {
      throw invalidValue("maxMs", fault.maxMs, `minMs (${fault.minMs}) or more`);
    }
  }
  if (fault.kind === "reset" && fault.when !== undefined) checkOneOf("when", fault.when, ["before", "after"]);
  if (fault.kind === "page") {
    checkNumber("status", fault.status, { min: 400, max: 599, whole: true });
    if (typeof fault.body !== "string") throw invalidValue("body", fault.body, "text, which may be empty");
    const { contentType } = fault;
    if (contentType !== undefined && !(typeof contentType === "string" && HEADER_VALUE.test(contentType))) {
      throw invalidValue("contentType", contentType, "the value of an HTTP header");
    }
  }
  if (fault.kind === "error") {
    checkCode("code", fault.code);
    const { message } = fault;
    if (message !== undefined && typeof message !== "string") throw invalidValue("message", message, "text");
    if (fault.retryDelayMs !== undefined)
      checkNumber("retryDelayMs", fault.retryDelayMs, { min: 0, max: MAX_RETRY_DELAY_MS });
    for (const [at, detail] of checkArray("details", fault.details ?? []).entries())
      checkDetail(detail, at, registry);
  }
}

/** A detail of an unknown type would be lost over REST, which sends details as JSON. */
function checkDetail(detail: ConnectError["details"][number], at: number, registry: Registry): void {
  checkObject(`details[${at}]`, detail);
  if ("desc" in detail) return;
  const { type, value }: { readonly type: unknown; readonly value: unknown } = detail;
  if (typeof type !== "string" || !(value instanceof Uint8Array)) {
    throw new TypeError(`details[${at}]: expected {desc, value}, or {type, value} with the message's bytes`);
  }
  if (registry.getMessage(type) !== undefined) return;
  throw new TypeError(`details[${at}]: unknown type "${type.slice(0, 200)}" (expected one of the registry)`);
}

/** The error of a fault of kind `error`. */
export function faultError(fault: Extract<Fault, { kind: "error" }>): ConnectError {
  const { code, message = "A fault that the emulator was told to make.", retryDelayMs, details = [] } = fault;
  if (retryDelayMs === undefined) return withDetails(new ConnectError(message, code), details);
  const seconds = Math.floor(retryDelayMs / 1_000);
  const nanos = Math.floor((retryDelayMs - seconds * 1_000) * 1e6); // rounding up could give a whole second, which is invalid
  const retryInfo = { desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(seconds), nanos } } };
  // Retry-After has whole seconds (RFC 9110, section 10.2.3): rounded up, so that no client retries too early.
  const headers = { "retry-after": String(Math.ceil(retryDelayMs / 1_000)) };
  return withDetails(new ConnectError(message, code, headers, [retryInfo]), details);
}

/** The page of a fault of kind `page`. */
export function pageOf({ status, body, contentType }: Extract<Fault, { kind: "page" }>): FaultPage {
  return { status, body, contentType: contentType ?? "text/html; charset=UTF-8" };
}

function withDetails(error: ConnectError, details: ConnectError["details"]): ConnectError {
  error.details.push(...details);
  return error;
}
