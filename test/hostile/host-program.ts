// SPDX-License-Identifier: Apache-2.0
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../src/emulator.js";

/** What one hostile client cost the emulator, in one line of JSON. */
export interface HostDamage {
  readonly memoryMb: number;
  readonly cpuMs: number;
  /** The longest time that the event loop stood still. */
  readonly delayMs: number;
}

/** Resolves when the event loop has had next to nothing to do for a while: what a client left behind is done, and counted. */
async function idle(): Promise<void> {
  for (;;) {
    const before = performance.eventLoopUtilization();
    await sleep(100);
    if (performance.eventLoopUtilization(before).utilization < 0.2) return;
  }
}

// An emulator that says what each client costs it: it prints its port, and for each line that it reads the figures since the
// line before, once it is idle again.
void (async () => {
  const emulator = await startEmulator();
  for (let n = 0; n < 50; n++)
    emulator.operations.start({ id: `${n}`, durationMs: Number.POSITIVE_INFINITY });
  process.stdout.write(`${emulator.port}\n`);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let cpu = process.cpuUsage();
  let before = process.memoryUsage().rss;
  let peak = before;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  for await (const _ of createInterface(process.stdin)) {
    await idle();
    const { user, system } = process.cpuUsage(cpu);
    const damage: HostDamage = {
      memoryMb: Math.round((peak - before) / 2 ** 20),
      cpuMs: Math.round((user + system) / 1_000),
      delayMs: Math.round(delay.max / 1e6),
    };
    process.stdout.write(`${JSON.stringify(damage)}\n`);
    globalThis.gc?.();
    delay.reset();
    cpu = process.cpuUsage();
    before = process.memoryUsage().rss;
    peak = before;
  }
  process.exit();
})();
