// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { AdReviewCenterAdServiceOperations, createAdManagerClient } from "../../src/admanager.js";
import { startEmulator } from "../../src/emulator.js";
import { createFakeOperations } from "../../src/testing.js";

const PARENT = "networks/1/webProperties/display";
const NAMES = ["a", "b"].map((id) => `${PARENT}/adReviewCenterAds/${id}`);

test.each(["batchAllowAdReviewCenterAds", "batchBlockAdReviewCenterAds"] as const)(
  "%s starts an operation whose metadata says which ads failed",
  async (method) => {
    const fake = createFakeOperations();
    fake.serve(AdReviewCenterAdServiceOperations, {
      [method]: (_: unknown, course: (course: object) => never) =>
        course({
          durationMs: 0,
          metadata: { failedRequests: { 1: { code: Code.NotFound, message: "no such ad" } } },
        }),
    });
    const client = createAdManagerClient({ transport: fake.transport, clock: fake.clock });
    const run = await client[method]({ parent: PARENT, names: NAMES });
    expect(await run.result()).toBeDefined();
    const { metadata } = await run.poll();
    expect(metadata?.failedRequests).toMatchObject({ 1: { code: Code.NotFound, message: "no such ad" } });
    expect(fake.calls[0]?.message).toMatchObject({ parent: PARENT, names: NAMES });
  },
);

test("over REST they go to their own paths, and a name that Ad Manager does not bind is not sent for", async () => {
  await using emulator = await startEmulator();
  emulator.serve(AdReviewCenterAdServiceOperations, {
    batchBlockAdReviewCenterAds: (_, course) => course({ durationMs: 60_000 }),
  });
  await using client = createAdManagerClient({ baseUrl: emulator.baseUrl, auth: false });
  const run = await client.batchBlockAdReviewCenterAds({ parent: PARENT, names: NAMES });
  expect(emulator.calls[0]?.requestLine).toContain(`POST /v1/${PARENT}/adReviewCenterAds:batchBlock`);
  await expect(run.poll()).rejects.toMatchObject({ code: Code.InvalidArgument, requestSent: false });
});
