// SPDX-License-Identifier: Apache-2.0
import { byId, createRows, element, type Row, setText } from "./dom.js";
import type { CallSummary, State } from "./state.js";
import { fractionOf, timeOfDay } from "./text.js";

const MAX_ROWS = 100;
const PROTOCOLS: Readonly<Record<string, string>> = {
  rest: "REST",
  grpc: "gRPC",
  "grpc-web": "gRPC-Web",
  connect: "Connect",
};

/** The list of calls as they come, filtered. */
export function createCallList() {
  const text = byId("calls-text", HTMLInputElement);
  const protocol = byId("calls-protocol", HTMLSelectElement);
  const status = byId("calls-status", HTMLSelectElement);
  const count = byId("calls-count", HTMLElement);
  const empty = byId("calls-empty", HTMLElement);
  let latest: State | undefined;
  const showRows = createRows<CallSummary>(
    byId("calls-list", HTMLElement),
    ({ sequence }) => String(sequence),
    callRow,
  );
  const show = (state: State | undefined) => {
    latest = state;
    if (state === undefined) return;
    const needle = text.value.trim().toLowerCase();
    const matches = (call: CallSummary) =>
      (protocol.value === "" || call.protocol === protocol.value) &&
      (status.value === "" || (status.value === "ok") === isOk(call)) &&
      `${call.method} ${call.requestLine}`.toLowerCase().includes(needle);
    const rows: CallSummary[] = [];
    for (const call of state.calls) {
      if (rows.length === MAX_ROWS) break;
      if (matches(call)) rows.push(call);
    }
    showRows(rows);
    setText(count, state.totalCalls.toLocaleString("en-US"));
    empty.hidden = rows.length > 0;
    setText(
      empty,
      state.calls.length === 0
        ? "No calls yet. Point a client at this address."
        : "No recent call matches the filter.",
    );
  };
  for (const input of [text, protocol, status]) input.addEventListener("input", () => show(latest));
  return show;
}

function callRow(call: CallSummary): Row<CallSummary> {
  const [method = ""] = call.method?.split(".").slice(-1) ?? [];
  const protocol = PROTOCOLS[call.protocol] ?? call.protocol;
  const inNarrow = element("span", { class: "protocol" }, `${protocol} `);
  const row = element(
    "tr",
    isOk(call) ? {} : { class: "error" },
    element(
      "td",
      { class: "time" },
      timeOfDay(call.time),
      element("span", { class: "fraction" }, fractionOf(call.time)),
    ),
    element("td", { class: "protocol" }, protocol),
    element(
      "td",
      {},
      method === "" ? "No method" : method,
      element("code", { class: "request" }, inNarrow, call.requestLine),
    ),
    element("td", { class: "status" }, ...breakable(statusOf(call))),
  );
  return { element: row, update: () => {} }; // a call that has ended does not change
}

function isOk({ status, httpStatus = 200 }: CallSummary): boolean {
  return status === "OK" && httpStatus < 400;
}

function statusOf({ status, httpStatus }: CallSummary): string {
  if (status === undefined) return httpStatus === undefined ? "no response" : `HTTP ${httpStatus}`;
  return status;
}

/** A code that may be broken after an underscore. */
function breakable(code: string): (Node | string)[] {
  return code.split(/(?<=_)/).flatMap((part) => [part, element("wbr")]);
}
