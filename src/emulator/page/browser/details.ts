// SPDX-License-Identifier: Apache-2.0
import { ApiError, operationPath, send } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { percentAt, timeLeft } from "./operations.js";
import type { OperationSummary, State } from "./state.js";
import { jsonText, timeOfDay } from "./text.js";

interface Shown extends OperationSummary {
  readonly operation: {
    readonly metadata?: unknown;
    readonly response?: unknown;
    readonly error?: unknown;
  };
}

const PARTS = ["metadata", "response", "error"] as const;

/** The panel with everything about the operation that was chosen. */
export function createDetails() {
  const body = byId("details-body", HTMLElement);
  const empty = byId("details-empty", HTMLElement);
  const badge = byId("details-state", HTMLElement);
  const facts = byId("details-facts", HTMLElement);
  const json = byId("details-json", HTMLElement);
  const onRunning = ["cancel-operation", "open-finish", "open-fail"].map((id) => byId(id, HTMLButtonElement));
  const remove = byId("delete-operation", HTMLButtonElement);
  let shown: Shown | undefined;
  let isReading = false;

  const show = (state: State, name: string | undefined) => {
    const summary = name === undefined ? undefined : state.operations.get(name);
    const operation = summary ?? (shown?.name === name ? shown : undefined);
    body.hidden = operation === undefined;
    badge.hidden = operation === undefined;
    empty.hidden = operation !== undefined;
    if (operation === undefined) return;
    badge.dataset.state = operation.state;
    setText(badge, operation.state);
    setText(byId("details-name", HTMLElement), operation.name);
    showFacts(facts, factsOf(operation, state.timeMs));
    for (const button of onRunning) button.disabled = operation.state !== "running";
    remove.disabled = summary === undefined;
    showJson(json, shown !== undefined && shown.name === name ? shown.operation : {});
  };
  /** Reads what only the full operation has. One request at a time, however fast updates come. */
  const refresh = async (name: string): Promise<boolean> => {
    if (isReading) return false;
    isReading = true;
    try {
      shown = (await send("GET", operationPath(name))) as Shown; // what the control API's document says
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      return false;
    } finally {
      isReading = false;
    }
  };
  return { show, refresh };
}

function factsOf(operation: OperationSummary, timeMs: number): [string, string][] {
  const { state, startTime, endTime, cancelRequested } = operation;
  const isRunning = state === "running";
  return [
    ["Started", timeOfDay(startTime)],
    [isRunning ? "Ends" : "Ended", endTime === undefined ? "never" : timeOfDay(endTime)],
    ["Progress", `${percentAt(operation, timeMs)} %`],
    ...(isRunning
      ? [["Time left", timeLeft(operation, timeMs).replace(/ left$/, "")] as [string, string]]
      : []),
    ["Cancel requested", cancelRequested ? "yes" : "no"],
  ];
}

function showFacts(list: HTMLElement, facts: readonly [string, string][]): void {
  const texts = facts.flat();
  if (list.children.length !== texts.length) {
    list.replaceChildren(...facts.flatMap(() => [element("dt"), element("dd")]));
  }
  for (const [at, child] of [...list.children].entries()) {
    if (child instanceof HTMLElement) setText(child, texts[at] ?? "");
  }
}

function showJson(container: HTMLElement, operation: Shown["operation"]): void {
  const parts = PARTS.filter((part) => operation[part] !== undefined);
  const shown = [...container.querySelectorAll("section")].map(({ dataset }) => dataset.part);
  if (shown.join() !== parts.join()) {
    container.replaceChildren(
      ...parts.map((part) =>
        element(
          "section",
          { "data-part": part },
          element("h3", {}, part.charAt(0).toUpperCase() + part.slice(1)),
          element("pre", { tabindex: "0", "aria-label": `${part} as JSON`, role: "region" }),
        ),
      ),
    );
  }
  for (const pre of container.querySelectorAll("pre")) {
    const part = PARTS.find((one) => pre.parentElement?.dataset.part === one);
    if (part !== undefined) setText(pre, jsonText(operation[part]));
  }
}
