// SPDX-License-Identifier: Apache-2.0
// The process of one contender: opens it, then calls it for as long as each message of the parent says.
// Arguments: the contender's module, the port of its server.
const [path, port] = process.argv.slice(2);

/** Calls between two readings of the clock, with many in flight. */
const STRIDE = 32;

/**
 * Calls with `inFlight` calls under way at all times until this process has used `cpuMs` milliseconds of CPU time and
 * `minCalls` calls were made, or for `maxMs` on the clock. By CPU time, since on a busy machine a time on the clock
 * may hold hardly any calls.
 */
async function measure(call, { inFlight, cpuMs, minCalls, maxMs }) {
  let calls = 0;
  let over = false;
  const stride = Math.min(inFlight, STRIDE);
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const checkTime = () => {
    const { user, system } = process.cpuUsage(cpuStart);
    const enough = calls >= minCalls && user + system >= cpuMs * 1000;
    over ||= enough || performance.now() - start > maxMs;
  };
  const lane = async () => {
    while (!over) {
      await call();
      calls += 1;
      if (calls % stride === 0) checkTime();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user, system } = process.cpuUsage(cpuStart);
  return { calls, cpuUs: user + system, ms: performance.now() - start };
}

try {
  const { open } = await import(new URL(path, import.meta.url));
  const contender = await open({ port: Number(port) });
  process.on("message", (window) => {
    measure(contender.call, window).then(
      (result) => process.send(result),
      (error) => process.send({ error: String(error.stack ?? error) }),
    );
  });
  process.once("disconnect", () => process.exit(0));
  process.send({ ready: true });
} catch (error) {
  process.send({ error: String(error.stack ?? error) }, () => process.exit(1));
}
