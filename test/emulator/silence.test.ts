// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";

test.each([
  ["Connect", createConnectTransport],
  ["gRPC-Web", createGrpcWebTransport],
])("prints nothing when a client of %s goes away", async (_, createTransport) => {
  const methods = ["error", "warn", "log", "info", "debug"] as const;
  const printed = methods.map((method) => jest.spyOn(console, method));
  try {
    for (const httpVersion of ["1.1", "2"] as const) {
      const clock = createFakeClock();
      const emulator = await startEmulator({ clock });
      const transport = createTransport({ baseUrl: emulator.baseUrl, httpVersion });
      const name = emulator.operations.start({ durationMs: Number.POSITIVE_INFINITY });
      const caller = new AbortController();
      const waiting = createClient(Operations, transport).waitOperation({ name }, { signal: caller.signal });
      await clock.whenSleeping();
      caller.abort();
      await expect(waiting).rejects.toThrow();
      while (clock.pending.length > 0) await new Promise((resolve) => setImmediate(resolve));
      await emulator.close();
    }
    expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  } finally {
    for (const spy of printed) spy.mockRestore();
  }
});
