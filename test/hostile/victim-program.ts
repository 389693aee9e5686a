// SPDX-License-Identifier: Apache-2.0
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { googleAuth } from "../../src/auth.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport, isCallError } from "../../src/index.js";

/** What one call to a hostile server cost this process, in one line of JSON. */
export interface Damage {
  readonly title: string;
  /** "answer", or the reason of the CallError; anything else that was thrown by its name. */
  readonly ended: string;
  readonly memoryMb: number;
  readonly cpuMs: number;
  /** The longest time that the event loop stood still. */
  readonly delayMs: number;
  readonly leaksToken: boolean;
  /** Whether the transport could be closed afterwards. */
  readonly closes: boolean;
}

const TOKEN = "planted-token-of-the-victim";
const MB = 1024 * 1024;

/** Calls each server once. Argument: JSON, `[kind, title, port, timeoutMs]` for each. */
async function main(
  servers: [kind: string, title: string, port: number, timeoutMs: number][],
  maxResponseBytes: number,
) {
  for (const [kind, title, port, timeoutMs] of servers) {
    const create = kind === "http1" ? createRestTransport : createGrpcTransport;
    const interceptors = [googleAuth({ token: TOKEN })];
    const transport = create({ baseUrl: `http://127.0.0.1:${port}`, interceptors, maxResponseBytes });
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const cpu = process.cpuUsage();
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const call = createClient(Operations, transport).getOperation({ name: "operations/1" }, { timeoutMs });
    let peak = before;
    const weigh = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const outcome: unknown = await call.then(
      () => "answer",
      (error: unknown) => error,
    );
    clearInterval(weigh);
    peak = Math.max(peak, process.memoryUsage().rss);
    delay.disable();
    const { user, system } = process.cpuUsage(cpu);
    const text = outcome instanceof Error ? `${outcome.stack} ${JSON.stringify(outcome)}` : "";
    const closes = await Promise.race([transport.close().then(() => true), sleep(5_000, false)]);
    const damage: Damage = {
      title,
      ended: isCallError(outcome) ? outcome.reason : String(outcome),
      memoryMb: Math.round((peak - before) / MB),
      cpuMs: Math.round((user + system) / 1000),
      delayMs: Math.round(delay.max / 1e6),
      leaksToken: text.includes(TOKEN),
      closes,
    };
    console.log(JSON.stringify(damage));
  }
  console.log(JSON.stringify({ polluted: Reflect.get({}, "polluted") ?? Reflect.get({}, "done") ?? null }));
}

const [servers = "[]", maxBytes = "1048576"] = process.argv.slice(2);
void main(JSON.parse(servers), Number(maxBytes));
