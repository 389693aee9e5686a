// SPDX-License-Identifier: Apache-2.0
// Records the order in which functions of the main thread are first entered.
import { Session } from "node:inspector/promises";
import { parentPort, workerData } from "node:worker_threads";

const order = new Set();
parentPort.on("message", () => parentPort.postMessage([...order])); // Also keeps this thread alive, which a session does not.

const indexOf = new Map();
const session = new Session();
session.connectToMainThread();
session.on("Debugger.paused", ({ params }) => {
  for (const id of params.hitBreakpoints) if (indexOf.has(id)) order.add(indexOf.get(id));
  void session.post("Debugger.resume");
});
await session.post("Debugger.enable");

const sources = new Map();
for (const [index, { scriptId, start }] of workerData.entries()) {
  const known = sources.get(scriptId) ?? (await session.post("Debugger.getScriptSource", { scriptId }));
  sources.set(scriptId, known);
  const lines = known.scriptSource.slice(0, start).split("\n");
  const { locations } = await session.post("Debugger.getPossibleBreakpoints", {
    start: { scriptId, lineNumber: lines.length - 1, columnNumber: lines.at(-1).length },
    restrictToFunction: true,
  });
  // An empty function has no location for a breakpoint.
  const [location] = locations;
  if (location === undefined) continue;
  const { breakpointId } = await session.post("Debugger.setBreakpoint", { location });
  indexOf.set(breakpointId, index);
}
parentPort.postMessage("ready");
