// SPDX-License-Identifier: Apache-2.0
import { byId, createRows, element, type Row, setText } from "./dom.js";
import { newestFirst, type OperationSummary, type State } from "./state.js";
import { durationText } from "./text.js";

/** What the list does with an operation. */
export interface OperationActions {
  open(name: string): void;
  cancel(name: string): void;
}

const PAGE_SIZE = 25;

/** The list of operations: filtered, a page at a time, so that a thousand cost no more than twenty-five. */
export function createOperationList(actions: OperationActions) {
  const text = byId("operations-text", HTMLInputElement);
  const wanted = byId("operations-state", HTMLSelectElement);
  const count = byId("operations-count", HTMLElement);
  const empty = byId("operations-empty", HTMLElement);
  const pages = byId("operations-pages", HTMLElement);
  const label = byId("page-label", HTMLElement);
  const newer = byId("page-newer", HTMLButtonElement);
  const older = byId("page-older", HTMLButtonElement);
  let latest: State | undefined;
  let chosen: string | undefined;
  let page = 0;

  const showRows = createRows<OperationSummary>(
    byId("operations-list", HTMLElement),
    ({ name }) => name,
    ({ name }) => operationRow(name, actions, () => ({ timeMs: latest?.timeMs ?? 0, chosen })),
  );
  const show = (state: State | undefined, chosenName: string | undefined) => {
    latest = state;
    chosen = chosenName;
    if (state === undefined) return;
    const needle = text.value.trim().toLowerCase();
    const matching = newestFirst(state).filter(
      ({ name, state: its }) =>
        (wanted.value === "" || its === wanted.value) && name.toLowerCase().includes(needle),
    );
    const last = Math.max(0, Math.ceil(matching.length / PAGE_SIZE) - 1);
    page = Math.min(page, last);
    const first = page * PAGE_SIZE;
    showRows(matching.slice(first, first + PAGE_SIZE));
    setText(count, state.totalSize.toLocaleString("en-US"));
    empty.hidden = matching.length > 0;
    setText(
      empty,
      state.operations.size === 0
        ? "No operations yet. Start one here, or by a client."
        : "No operation matches the filter.",
    );
    pages.hidden = last === 0;
    setText(label, `${first + 1} to ${Math.min(first + PAGE_SIZE, matching.length)} of ${matching.length}`);
    newer.disabled = page === 0;
    older.disabled = page === last;
  };
  const turn = (by: number) => {
    page = Math.max(0, page + by);
    show(latest, chosen);
  };
  newer.addEventListener("click", () => turn(-1));
  older.addEventListener("click", () => turn(1));
  for (const input of [text, wanted]) input.addEventListener("input", () => turn(-page));
  return show;
}

function operationRow(
  name: string,
  { open, cancel }: OperationActions,
  now: () => { readonly timeMs: number; readonly chosen: string | undefined },
): Row<OperationSummary> {
  const badge = element("span", { class: "badge" });
  const read = element("span", { class: "hidden" }, name);
  const lastSlash = name.lastIndexOf("/") + 1;
  const label = element(
    "span",
    { class: "name", "aria-hidden": "true" }, // its parts would be read apart
    element("span", { class: "parent" }, name.slice(0, lastSlash)),
    element("span", { class: "id" }, name.slice(lastSlash)),
  );
  const opener = element("button", { type: "button", class: "open", title: name }, badge, read, label);
  const bar = element("progress", { max: "100", "aria-label": `Progress of ${name}` });
  const left = element("span", { class: "left" });
  const canceller = element(
    "button",
    { type: "button", class: "quiet", "aria-label": `Cancel ${name}` },
    "Cancel",
  );
  opener.addEventListener("click", () => open(name));
  canceller.addEventListener("click", () => cancel(name));
  const row = element("li", {}, opener, bar, left, canceller);
  return {
    element: row,
    update: (operation) => {
      const { timeMs, chosen } = now();
      const isRunning = operation.state === "running";
      setText(badge, operation.state);
      opener.dataset.state = operation.state;
      row.dataset.state = operation.state;
      opener.setAttribute("aria-current", String(chosen === name));
      bar.value = percentAt(operation, timeMs);
      setText(left, timeLeft(operation, timeMs));
      canceller.disabled = operation.cancelRequested;
      if (canceller.hidden === isRunning) {
        if (document.activeElement === canceller) opener.focus(); // what is hidden would take the focus with it
        canceller.hidden = !isRunning;
      }
    },
  };
}

/** How far an operation is: what the emulator said last, and on from there by the time. */
export function percentAt(operation: OperationSummary, timeMs: number): number {
  const { state, percent, startTime, endTime, cancelRequested } = operation;
  if (state !== "running" || endTime === undefined || cancelRequested) return percent;
  const startMs = Date.parse(startTime);
  const byTime = Math.floor((100 * (timeMs - startMs)) / Math.max(1, Date.parse(endTime) - startMs));
  return Math.min(99, Math.max(percent, byTime));
}

/** When a running operation ends, in words. */
export function timeLeft({ state, endTime, cancelRequested }: OperationSummary, timeMs: number): string {
  if (state !== "running") return "";
  if (cancelRequested && endTime === undefined) return "cancelling";
  return endTime === undefined ? "no end" : `${durationText(Date.parse(endTime) - timeMs)} left`;
}
