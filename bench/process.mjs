// SPDX-License-Identifier: Apache-2.0
// Child processes of the benchmark: started by path, spoken to in messages, gone with their owner.
import { fork } from "node:child_process";
import { once } from "node:events";

/** How long a child may take for one response, in milliseconds. */
const MAX_RESPONSE_MS = 60_000;

/**
 * Starts a module of this folder as a process.
 *
 * @param {string} path relative to this folder
 * @param {readonly string[]} args
 * @param {readonly string[]} execArgv options for Node
 */
export function startProcess(path, args = [], execArgv = []) {
  const child = fork(new URL(path, import.meta.url), args, {
    execArgv,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const what = [path, ...args].join(" ");
  return {
    /** The next message of the child. */
    next: (limitMs) => nextMessage(child, what, limitMs),
    /** Sends a message and waits for the response. */
    ask: (message) => {
      child.send(message);
      return nextMessage(child, what);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

function nextMessage(child, what, limitMs = MAX_RESPONSE_MS) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message) => {
      end();
      if (message.error === undefined) resolve(message);
      else reject(new Error(`${what}: ${message.error}`));
    };
    const onExit = (code, signal) => {
      end();
      reject(new Error(`${what} ended with ${code ?? signal} before it responded`));
    };
    const timer = setTimeout(() => {
      end();
      child.kill("SIGKILL");
      reject(new Error(`${what} did not respond within ${limitMs} ms`));
    }, limitMs);
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}

/** Starts a server process and says where it listens. */
export async function startServer(path, ...args) {
  const server = startProcess(path, args);
  const { port } = await server.next();
  return { port, stop: server.stop };
}
