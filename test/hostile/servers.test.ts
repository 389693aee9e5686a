// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { bundleProgram } from "../transport/child-program.js";
import { closeAfterTest } from "../transport/raw-server.js";
import { type HostileServer, HTTP1_SERVERS } from "./http1-servers.js";
import { HTTP2_SERVERS } from "./http2-servers.js";
import { report } from "./report.js";
import type { Damage } from "./victim-program.js";

const isLong = process.env.LONG !== undefined;

/**
 * Ceilings for one call. Small: with `maxResponseBytes` of 1 MiB; large: with the default of 8 MiB. The delay of the event loop is
 * by the wall clock, which a busy machine stretches: it finds what hangs.
 */
const CEILING = isLong
  ? { maxBytes: 8 * 1024 * 1024, memoryMb: 400, cpuMs: 10_000, delayMs: 20_000 }
  : { maxBytes: 1024 * 1024, memoryMb: 200, cpuMs: 5_000, delayMs: 10_000 };
const SCALE = isLong ? 16 : 1;

/** The deadline of calls to servers that fall silent, and of those to all others, which is not to be reached. */
const SILENT_MS = 2_000;
const LOUD_MS = isLong ? 300_000 : 30_000;

async function startHostile({ respond }: HostileServer): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => respond(socket, SCALE));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** Runs the victim against servers, and answers the lines that it prints. */
async function attack(kind: string, servers: readonly HostileServer[]): Promise<string[]> {
  const program = bundleProgram("test/hostile/victim-program.ts");
  const targets = await Promise.all(
    servers.map(async (server) => {
      const timeoutMs = server.ends.includes("deadline-exceeded") ? SILENT_MS : LOUD_MS;
      return [kind, server.title, await startHostile(server), timeoutMs];
    }),
  );
  const lines = await new Promise<string>((resolve, reject) => {
    const args = ["--expose-gc", program.file, JSON.stringify(targets), String(CEILING.maxBytes)];
    execFile(process.execPath, args, { maxBuffer: 1e7 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stdout}\n${stderr}`)),
    );
  });
  program.remove();
  return lines.trim().split("\n");
}

test("there are 65 of them and more", () => {
  expect(HTTP1_SERVERS.length + HTTP2_SERVERS.length).toBeGreaterThanOrEqual(65);
});

test.each([
  ["http1", HTTP1_SERVERS],
  ["http2", HTTP2_SERVERS],
])(
  "%s: a hostile server gets an error or an answer out of a call, little memory and little time",
  async (kind, servers) => {
    const lines = await attack(kind, servers);
    expect(lines.at(-1)).toBe('{"polluted":null}');
    const damages = lines.slice(0, -1).map((line): Damage => JSON.parse(line));
    expect(damages.map(({ title }) => title)).toEqual(servers.map(({ title }) => title));
    report(`servers-${kind}`, damages);
    const unexpected = damages.filter((damage) => {
      const server = servers.find(({ title }) => title === damage.title);
      const isCheap =
        damage.memoryMb <= CEILING.memoryMb &&
        damage.cpuMs <= CEILING.cpuMs &&
        damage.delayMs <= CEILING.delayMs;
      return !server?.ends.includes(damage.ended) || !isCheap || damage.leaksToken || !damage.closes;
    });
    expect(unexpected).toEqual([]);
  },
  600_000,
);
