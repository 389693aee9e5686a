// SPDX-License-Identifier: Apache-2.0
import { byId, element } from "./dom.js";

const CODES = [
  "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED",
]
  .join(" ")
  .split(" ");

/** Fills every list of codes. */
export function fillCodes(): void {
  for (const list of document.querySelectorAll("select[data-codes]")) {
    list.append(
      ...CODES.map((code) => element("option", code === "UNAVAILABLE" ? { selected: "" } : {}, code)),
    );
  }
}

/** Shows the fields of a form that go with what is chosen in one of its lists, and hides the others. */
export function showFieldsOf(form: HTMLFormElement, list: string): void {
  const chosen = form.elements.namedItem(list);
  if (!(chosen instanceof HTMLSelectElement)) return;
  const show = () => {
    for (const field of form.querySelectorAll<HTMLElement>(`[data-${list}]`)) {
      field.hidden = field.dataset[list] !== chosen.value;
    }
  };
  chosen.addEventListener("input", show);
  form.addEventListener("reset", () => queueMicrotask(show));
  show();
}

/** A dialog with a form. `submit` throws to keep it open, with the problem shown. */
export function createDialog(id: string, submit: (form: FormData) => unknown): () => void {
  const dialog = byId(id, HTMLDialogElement);
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector("[role=alert]");
  const say = (text: string) => {
    if (problem !== null) problem.textContent = text;
  };
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      await submit(new FormData(form));
      dialog.close();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  });
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  return () => {
    if (dialog.open) return;
    form?.reset();
    say("");
    dialog.showModal();
  };
}
