// SPDX-License-Identifier: Apache-2.0
import { type IPty, spawn } from "@lydell/node-pty";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { COMMAND, home } from "./command.js";

const PARENT = "networks/123/operations/reports/runs";
const CTRL_C = "\u0003";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** A command on a terminal of its own, and all that it has written there. */
interface OnTerminal {
  readonly terminal: IPty;
  /** Resolves when this has been written. */
  wrote(text: string): Promise<void>;
  readonly ended: Promise<{ status: number; screen: string }>;
}

function runOnTerminal(args: readonly string[], columns = 100): OnTerminal {
  const terminal = spawn(process.execPath, [COMMAND, ...args, "--endpoint", emulator.baseUrl], {
    name: "xterm",
    cols: columns,
    rows: 24,
    cwd: home(),
    env: { PATH: process.env.PATH, HOME: home(), TERM: "xterm" },
  });
  let screen = "";
  const waiting = new Set<() => void>();
  terminal.onData((data) => {
    screen += data;
    for (const look of waiting) look();
  });
  return {
    terminal,
    wrote: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!screen.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ended: new Promise((resolve) => {
      terminal.onExit(({ exitCode }) => resolve({ status: exitCode, screen }));
    }),
  };
}

/** What stays to be read: the text after the last time that the line was cleared, without colours. */
function leftOn(screen: string): string {
  const [last = ""] = screen.split("\u001b[0K").slice(-1);
  return last.replaceAll(/\u001b(\[[\d;?]*[a-zA-Z]|\d)/g, "").replaceAll("\r", "");
}

test("watch draws a bar, and Ctrl-C takes it away and says that the operation goes on", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 60_000 });
  const { terminal, wrote, ended } = runOnTerminal(["watch", name, "--interval", "100ms"]);
  await wrote(`running  [${"-".repeat(30)}]`);
  terminal.write(CTRL_C);
  const { status, screen } = await ended;
  expect(status).toBe(130);
  expect(screen.indexOf(HIDE_CURSOR)).toBeLessThan(screen.indexOf(SHOW_CURSOR));
  const left = leftOn(screen);
  expect(left).toContain("the operation goes on");
  expect(left).toContain(`longrunning wait ${name}`);
  expect(left).not.toContain("[--");
});

test("watch leaves one line of an operation that has ended, in colour", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 300 });
  const { ended } = runOnTerminal(["watch", name, "--interval", "50ms"]);
  const { status, screen } = await ended;
  expect(status).toBe(0);
  expect(leftOn(screen)).toBe(`succeeded  ${name}\n`);
  expect(screen).toContain("\u001b[32msucceeded\u001b[39m");
});

test("there is no colour on a terminal when it is not wanted", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 0 });
  const { ended } = runOnTerminal(["get", name, "--color", "never"]);
  expect((await ended).screen).not.toContain("\u001b[");
});

test("a narrow terminal cuts the bar off, in place of wrapping it, and wraps again afterwards", async () => {
  const name = emulator.operations.start({ parent: PARENT, durationMs: 60_000 });
  const { terminal, wrote, ended } = runOnTerminal(["watch", name, "--interval", "100ms"], 30);
  await wrote("running  [---");
  terminal.write(CTRL_C);
  const { screen } = await ended;
  const order = ["\u001b[?7l", "running  [---", "\u001b[?7h"].map((text) => screen.indexOf(text));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((one, other) => one - other));
});
