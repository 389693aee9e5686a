// SPDX-License-Identifier: Apache-2.0
// npm run test:official [-- expression]: installs the packed package and Google's own clients of some APIs. Each of them and
// ours start, watch and cancel operations of the emulator by turns, over REST and gRPC.
import { deepStrictEqual } from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";
import { runEach } from "../../scripts/run-each.mjs";

const folder = installPackage(dirname(fileURLToPath(import.meta.url)));
const { createApiClient, httpRulesOf, officialClient, PEERS, readServices, startEmulator } = await import(
  pathToFileURL(join(folder, "peers.js"))
);
const services = readServices();

/** The state in which our client sees that an operation ends, once `cancel` was called when it was first seen running. */
async function watched(handle, cancel) {
  const states = [];
  for await (const { state } of handle.watch({ timeoutMs: 30_000 })) {
    if (states.push(state) === 1) await cancel();
  }
  return states;
}

/** What an official client and ours see of each other's operations. */
async function meet(api, protocol) {
  const peer = PEERS[api];
  const service = services.getService(peer.service);
  const method = service.method[peer.start];
  const httpRules = httpRulesOf(api, { version: peer.version });
  const emulator = await startEmulator({ httpRules });
  const official = officialClient(peer, emulator.port, protocol);
  const ours = createApiClient(api, { baseUrl: emulator.baseUrl, protocol, polling: { initialMs: 20 } });
  const script = { parent: peer.parent, durationMs: 3_600_000, cancelDelayMs: 0 };
  emulator.serve(service, { [peer.start]: emulator.operations.starting(method, () => script) });
  const canCancel =
    protocol === "grpc" || httpRules.some(({ selector }) => selector.endsWith(".CancelOperation"));
  try {
    const [theirs] = await official[peer.start](peer.request);
    const name = theirs.name ?? theirs.latestResponse.name;
    const cancel = async () => {
      if (canCancel) return ours.cancelOperation(`//${api}.googleapis.com/${name}`);
      // The API has none over REST: it is refused here, and asked for by other means.
      const error = await ours.cancelOperation(name).catch((reason) => reason);
      deepStrictEqual([error.code, error.requestSent], [12, false]);
      emulator.operations.finish(name, { error: { code: 1 } });
    };
    const seenByUs = await watched(ours.operation(name), cancel);
    const progress = `check${peer.start[0].toUpperCase()}${peer.start.slice(1)}Progress`;
    const seenByThem = await official[progress](name).then(
      (operation) => operation.error?.code ?? operation.latestResponse?.error?.code,
      (error) => error.code,
    );

    const own = await ours.startOperation(method, peer.request);
    const stop = canCancel
      ? () => official.cancelOperation({ name: own.name })
      : () => emulator.operations.finish(own.name, { error: { code: 1 } });
    const ownSeen = await watched(own, stop);
    const calls = new Set(emulator.calls.map((call) => call.protocol));
    return { seenByUs, seenByThem, ownSeen, calls: [...calls] };
  } finally {
    await official.close();
    await ours.close();
    await emulator.close();
  }
}

const meetings = Object.keys(PEERS).flatMap((api) =>
  ["rest", "grpc"].map((protocol) => [`${PEERS[api].package} over ${protocol}`, { api, protocol }]),
);
const states = ["running", "cancelled"];
await runEach(Object.fromEntries(meetings), "official clients", async ({ api, protocol }) => {
  deepStrictEqual(await meet(api, protocol), {
    seenByUs: states,
    seenByThem: 1,
    ownSeen: states,
    calls: [protocol],
  });
});
