// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bundleProgram } from "../transport/child-program.js";
import type { HostDamage } from "./host-program.js";
import { HOSTILE_CLIENTS, holdMsOf } from "./hostile-clients.js";
import { report } from "./report.js";

const SCALE = process.env.LONG === undefined ? 1 : 5;

/** Ceilings for one attack. The delay is by the wall clock, which a busy machine stretches: it finds what hangs. */
const CEILING = { memoryMb: 60 + 60 * SCALE, cpuMs: 3_000 * SCALE, delayMs: 10_000 * SCALE };

test("a hostile client costs the emulator little memory and time, and others are served meanwhile", async () => {
  const program = bundleProgram("test/hostile/host-program.ts");
  const child = spawn(process.execPath, ["--expose-gc", program.file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async () => String((await lines.next()).value);
    const port = Number(await next());
    const damages = [];
    for (const client of HOSTILE_CLIENTS) {
      const { title, attack, told } = client;
      child.stdin.write("begin\n");
      await next();
      const attacking = attack(port, SCALE, holdMsOf(client));
      const served = await honestCall(port);
      const said = await attacking;
      child.stdin.write("end\n");
      const cost: HostDamage = JSON.parse(await next());
      damages.push({ title, said, isExpected: told.test(said), served, ...cost });
    }
    report("clients", damages);
    const { memoryMb, cpuMs, delayMs } = CEILING;
    const unexpected = damages.filter(
      (damage) =>
        !damage.isExpected ||
        damage.served !== 200 ||
        damage.memoryMb > memoryMb ||
        damage.cpuMs > cpuMs ||
        damage.delayMs > delayMs,
    );
    expect(unexpected).toEqual([]);
    expect(child.exitCode).toBeNull();
  } finally {
    child.stdin.end();
    await ended;
    program.remove();
  }
}, 600_000);

/** The status that another client gets meanwhile; 0 when it gets nothing. */
async function honestCall(port: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/v1/operations/1`;
  return fetch(url, { signal: AbortSignal.timeout(60_000) }).then(
    ({ status }) => status,
    () => 0,
  );
}
