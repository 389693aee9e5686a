// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";
import { type CallError, isCallError, WaitTimeoutError } from "../../index.js";
import { EXIT } from "../exit-status.js";
import { nameInUrl } from "../full-name.js";
import { UsageError } from "../usage-error.js";
import { adviceFor, type CallPlace } from "./advice.js";
import { OutputError } from "./output-error.js";

/** An error, prepared for output. */
export interface ErrorReport {
  readonly status: number;
  /** For people: the problem, the value, and what was expected. */
  readonly message: string;
  /** For programs. */
  readonly json: JsonObject;
  /** What to do next, one sentence each. */
  readonly next: readonly string[];
}

/** The report of any thrown value. Of the request, it contains only the name; it never contains a credential. */
export function errorReportOf(error: unknown, place?: CallPlace): ErrorReport {
  if (isCallError(error)) {
    const { name: _class, ...fields } = error.toJSON();
    const { message } = fields;
    return {
      status: EXIT.callFailed + error.code,
      message: isPastedUrl(error) ? PASTED_URL : String(message),
      json: fields,
      next: place === undefined ? [] : adviceFor(error, place),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WaitTimeoutError) {
    const { operationName, elapsedMs, polls } = error;
    const json = {
      code: "WAIT_TIMEOUT",
      reason: "wait-timeout",
      message,
      operationName,
      elapsedMs: Math.round(elapsedMs),
      polls,
    };
    return { status: EXIT.timedOut, message, json, next: [] };
  }
  if (error instanceof UsageError) {
    const next = error.next === undefined ? [] : [error.next];
    return { status: EXIT.usage, message, json: { code: "USAGE", reason: "usage", message }, next };
  }
  if (error instanceof OutputError) {
    return {
      status: EXIT.unexpected,
      message,
      json: { code: "OUTPUT", reason: "output", message },
      next: [],
    };
  }
  return {
    status: EXIT.unexpected,
    message,
    json: { code: "UNEXPECTED", reason: "unexpected", message },
    next: [],
  };
}

const PASTED_URL =
  "the name: is a URL (expected the name alone, such as networks/1/operations/reports/runs/2)";

/** For a full name that the catalogue rejects, its error message is better than this one. */
function isPastedUrl({ requestSent, operationName = "", rawMessage }: CallError): boolean {
  return !requestSent && !/^(?:name|api): /.test(rawMessage) && nameInUrl(operationName) !== undefined;
}
