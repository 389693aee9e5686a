// SPDX-License-Identifier: Apache-2.0
import { operationPath, send, setToken } from "./api.js";
import { createCallList } from "./calls.js";
import { createDetails } from "./details.js";
import { createDialog, fillCodes, showFieldsOf } from "./dialogs.js";
import { byId, setText } from "./dom.js";
import { createFaultList, faultFrom } from "./faults.js";
import { type ConnectionState, startLive } from "./live.js";
import { createOperationList } from "./operations.js";
import { scriptFrom } from "./script.js";
import { applyUpdate, createState, type Update } from "./state.js";
import { messageFrom, timeOfDay } from "./text.js";

const CONNECTION: Readonly<Record<ConnectionState, string>> = {
  connecting: "Connecting",
  live: "Live",
  paused: "Paused",
  lost: "Connection lost",
  denied: "No access",
};
/** How long a notice is shown, in milliseconds. */
const NOTICE_MS = 6_000;

const state = createState();
let chosen: string | undefined;
let isDrawing = false;
let hideNotice: ReturnType<typeof setTimeout> | undefined;

const notice = byId("notice", HTMLElement);
const notify = (text: string) => {
  clearTimeout(hideNotice);
  setText(notice, text);
  hideNotice = setTimeout(() => setText(notice, ""), NOTICE_MS);
};
/** Does what a button asks for, and says how it went. */
const run = async (action: () => Promise<unknown>, done: string) => {
  try {
    await action();
    notify(done);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
};
const withChosen = (action: (name: string) => Promise<unknown>) => async () => {
  if (chosen !== undefined) await action(chosen);
};

fillCodes();
const showOperations = createOperationList({
  open: (name) => choose(name),
  cancel: (name) => cancel(name),
});
const showCalls = createCallList();
const showFaults = createFaultList(run);
const details = createDetails();

/** Draws at most once a frame, however fast updates come. */
const draw = () => {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    showOperations(state, chosen);
    showCalls(state);
    showFaults(state.faults);
    details.show(state, chosen);
    setText(
      byId("clock", HTMLElement),
      state.timeMs === 0 ? "--:--:--" : timeOfDay(new Date(state.timeMs).toISOString()),
    );
  });
};
const refreshDetails = async () => {
  if (chosen !== undefined && (await details.refresh(chosen))) draw();
};
const choose = (name: string) => {
  chosen = name;
  draw();
  void run(refreshDetails, "");
  const panel = byId("details", HTMLElement);
  // Below the list, on a narrow screen, nobody would see that something changed.
  if (panel.getBoundingClientRect().top > innerHeight) panel.scrollIntoView({ block: "start" });
};
const cancel = (name: string) =>
  run(() => send("POST", `${operationPath(name)}:cancel`), `Cancellation requested: ${name}`);

const onUpdate = (update: Update) => {
  applyUpdate(state, update);
  draw();
  const operation = chosen === undefined ? undefined : state.operations.get(chosen);
  const isNews = update.operations?.some(({ name }) => name === chosen) === true;
  if (isNews || operation?.state === "running") refreshDetails().catch(() => {}); // the next update tries again
};
const connection = byId("connection", HTMLElement);
const live = startLive({
  onUpdate,
  onState: (its, problem) => {
    connection.dataset.state = its;
    setText(connection, CONNECTION[its]);
    if (problem !== undefined) notify(problem);
  },
  onTokenNeeded: () => openToken(),
});

const openToken = createDialog("token", (form) => {
  setToken(String(form.get("token")));
  live.restart();
});
const openStart = createDialog("start", async (form) => {
  const { name } = (await send("POST", "/operations", scriptFrom(form))) as { readonly name: string };
  notify(`Started: ${name}`);
  choose(name);
});
const openFinish = createDialog("finish", (form) =>
  withChosen(async (name) => {
    const response = messageFrom("Response", String(form.get("response")));
    await send("POST", `${operationPath(name)}:finish`, { ...(response !== undefined && { response }) });
    notify(`Finished: ${name}`);
  })(),
);
const openFail = createDialog("fail", (form) =>
  withChosen(async (name) => {
    const status = { code: String(form.get("code")), message: String(form.get("message")) };
    await send("POST", `${operationPath(name)}:fail`, status);
    notify(`Failed: ${name}`);
  })(),
);
const openAdvance = createDialog("advance", async (form) => {
  const duration = String(form.get("duration"));
  await send("POST", "/clock:advance", { duration });
  notify(`Time advanced by ${duration}`);
});
const openReset = createDialog("reset", async () => {
  await send("POST", ":reset", {});
  state.calls = [];
  notify("The emulator is empty again");
});

const on = (id: string, action: () => unknown) => byId(id, HTMLElement).addEventListener("click", action);
on("open-start", openStart);
on("open-finish", openFinish);
on("open-fail", openFail);
on("open-advance", openAdvance);
on("open-reset", openReset);
on("cancel-operation", withChosen(cancel));
on(
  "delete-operation",
  withChosen((name) => run(() => send("DELETE", operationPath(name)), `Deleted: ${name}`)),
);
on("pause", () => {
  const button = byId("pause", HTMLButtonElement);
  const paused = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(paused));
  live.setPaused(paused);
});
const startForm = byId("start", HTMLElement).querySelector("form");
if (startForm !== null) showFieldsOf(startForm, "end");
const faultForm = byId("fault-form", HTMLFormElement);
showFieldsOf(faultForm, "kind");
faultForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void run(() => send("POST", "/faults", faultFrom(new FormData(faultForm))), "Fault added");
});
setText(byId("host", HTMLElement), location.host);
draw();
