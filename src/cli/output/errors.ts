// SPDX-License-Identifier: Apache-2.0
import type { Output } from "../process.js";
import type { Failure } from "./failure.js";
import type { Paint } from "./paint.js";

/** Everything that is not data: it goes to standard error. */
export interface Complaints {
  /** Tells a failure, as text or as a line of JSON. */
  fail(failure: Failure): void;
  /** Says something that is good to know; nothing in JSON. */
  note(text: string): void;
}

/** Writes to standard error in one of its two forms. */
export function createComplaints(stderr: Output, isJson: boolean, paint: Paint): Complaints {
  return {
    fail: ({ json, message, next }) => {
      if (isJson) {
        const error = next.length === 0 ? json : { ...json, next: [...next] };
        stderr.write(`${JSON.stringify({ error })}\n`);
        return;
      }
      const { code, reason, requestId, httpStatus, details } = json;
      const facts = [
        code === undefined || code === "USAGE" || code === "UNEXPECTED"
          ? []
          : [`code: ${String(code)} (${String(reason)})`],
        httpStatus === undefined ? [] : [`http status: ${String(httpStatus)}`],
        requestId === undefined ? [] : [`request id: ${String(requestId)}`],
        Array.isArray(details) ? details.map((detail) => `detail: ${JSON.stringify(detail)}`) : [],
        next.map((step) => `next: ${step}`),
      ].flat();
      stderr.write([`${paint.bad("error:")} ${message}`, ...facts.map((fact) => `  ${fact}`), ""].join("\n"));
    },
    note: (text) => {
      if (!isJson) stderr.write(`${text}\n`);
    },
  };
}
