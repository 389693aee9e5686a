// SPDX-License-Identifier: Apache-2.0
import { send } from "./api.js";
import { byId, createRows, element, type Row, setText } from "./dom.js";
import type { ActiveFault } from "./state.js";

/** A fault that can be switched on: in force when it has an `id`. */
interface Switch {
  readonly key: string;
  readonly title: string;
  readonly fault: Readonly<Record<string, unknown>>;
  readonly ids: readonly string[];
}

const PRESETS: readonly (readonly [title: string, fault: Readonly<Record<string, unknown>>])[] = [
  ["Server unavailable", { kind: "error", code: "UNAVAILABLE" }],
  ["Quota exhausted", { kind: "error", code: "RESOURCE_EXHAUSTED", "retry-delay": "5s" }],
  ["Slow responses", { kind: "delay", min: "2s" }],
  ["Connections reset", { kind: "reset" }],
  ["Proxy error page", { kind: "page", status: 502, body: "<h1>Bad Gateway</h1>" }],
];

/** The faults, each with its switch: some that tests often need, and those that came by the form or the control API. */
export function createFaultList(run: (action: () => Promise<unknown>, done: string) => void) {
  const count = byId("faults-count", HTMLElement);
  /** Faults that were seen: switched off, they can be switched on again. */
  const seen = new Map<string, Readonly<Record<string, unknown>>>(
    PRESETS.map(([, fault]) => [keyOf(fault), fault]),
  );
  const titles = new Map(PRESETS.map(([title, fault]) => [keyOf(fault), title]));
  const toggle = (one: Switch) => {
    const isOn = one.ids.length > 0;
    const action = isOn
      ? () => Promise.all(one.ids.map((id) => send("DELETE", `/faults/${encodeURIComponent(id)}`)))
      : () => send("POST", "/faults", one.fault);
    run(action, `${one.title}: ${isOn ? "off" : "on"}`);
  };
  const showRows = createRows<Switch>(
    byId("faults-list", HTMLElement),
    ({ key }) => key,
    (one) => switchRow(one, toggle),
  );
  return (active: readonly ActiveFault[]) => {
    for (const { fault } of active) seen.set(keyOf(fault), fault);
    showRows(
      [...seen].map(([key, fault]) => ({
        key,
        title: titles.get(key) ?? "Added fault",
        fault,
        ids: active.filter((one) => keyOf(one.fault) === key).map(({ id }) => id),
      })),
    );
    setText(count, String(active.length));
  };
}

function switchRow(first: Switch, toggle: (one: Switch) => void): Row<Switch> {
  let current = first;
  const box = element("input", { type: "checkbox", role: "switch" });
  // The emulator decides whether it is on: its next update shows it.
  box.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(current);
  });
  const label = element(
    "label",
    {},
    element("span", {}, first.title, element("small", {}, describe(first.fault))),
    box,
  );
  return {
    element: element("li", {}, label),
    update: (one) => {
      current = one;
      box.checked = one.ids.length > 0;
    },
  };
}

function keyOf(fault: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(fault).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A fault in a line: `error, code UNAVAILABLE, every-nth 2`. */
function describe({ kind, body: _, ...rest }: Readonly<Record<string, unknown>>): string {
  const settings = Object.entries(rest).map(
    ([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
  return [String(kind), ...settings].join(", ");
}

/** The fault that the form describes, in the words of the control API. */
export function faultFrom(form: FormData): object {
  const kind = String(form.get("kind"));
  const given = (name: string, key: string) => (form.get(name) ? { [key]: String(form.get(name)) } : {});
  const effects: Readonly<Record<string, object>> = {
    error: { ...given("code", "code"), ...given("retry", "retry-delay") },
    delay: given("delay", "min"),
    reset: given("when", "when"),
    page: { status: Number(form.get("status")), body: "<h1>An error page</h1>" },
  };
  const often: object = JSON.parse(String(form.get("often") || "{}"));
  return { kind, ...effects[kind], ...given("method", "method"), ...often };
}
