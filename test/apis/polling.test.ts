// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApiClient, httpRulesOf } from "../../src/apis.js";
import type { PollingOptions } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { root } from "../architecture/source-files.js";
import { startMethod } from "../start-method.js";

type Settings = readonly [initial: string, multiplier: number, max: string, total: string];
interface Facts {
  readonly apis: Readonly<
    Record<
      string,
      { versions: Record<string, readonly { readonly polling?: Readonly<Record<string, Settings>> }[]> }
    >
  >;
}

const facts: Facts = JSON.parse(readFileSync(join(root, "scripts/apis/apis.json"), "utf8"));
const configurations = Object.entries(facts.apis).flatMap(([host, { versions }]) =>
  Object.entries(versions).flatMap(([version, configs]) =>
    configs.flatMap(({ polling }) => (polling === undefined ? [] : [{ host, version, polling }])),
  ),
);

/** A client of an API whose operations run on for ever, on a clock that a test moves. */
function setUp(host: string, version: string, polling?: PollingOptions) {
  const get = httpRulesOf(host, { version }).find(({ selector }) => selector.endsWith(".GetOperation"))?.get;
  const name = (get?.match(/\{name=([^}]+)\}/)?.[1] ?? "").replaceAll(/\*+/g, "x");
  const clock = createFakeClock();
  const calls: number[] = [];
  const fetch = async () => {
    calls.push(clock.now());
    return Response.json({ name, done: false });
  };
  const client = createApiClient(host, { version, clock, polling, auth: false, fetch });
  return { clock, client, calls };
}

/** The first pauses between the start and the polls, in milliseconds. */
async function firstPauses(
  { clock, client, calls }: ReturnType<typeof setUp>,
  method: string,
  polling?: PollingOptions,
): Promise<number[]> {
  const handle = await client.startOperation(startMethod(method), {}, { polling: { jitter: 0, ...polling } });
  const stop = new AbortController();
  const waiting = handle.wait({ signal: stop.signal }).catch(() => undefined);
  while (calls.length < 4) {
    const [next = 0] = clock.pending;
    await clock.advance(next - clock.now());
    await new Promise((resolve) => setImmediate(resolve)); // The body of a response is read by the platform.
  }
  stop.abort();
  await waiting;
  return calls.slice(1, 4).map((time, index) => Math.round(time - (calls[index] ?? 0)));
}

const seconds = (text: string) => Math.round(Number.parseFloat(text) * 1_000);

test("there are 32 configurations with settings, for 145 methods", () => {
  expect(configurations).toHaveLength(32);
  expect(configurations.flatMap(({ polling }) => Object.keys(polling))).toHaveLength(145);
});

test.each(configurations)(
  "operations of $host $version are polled as its configuration says, method by method",
  async ({ host, version, polling }) => {
    for (const [index, [method, settings]] of Object.entries(polling).entries()) {
      const [initial, multiplier, max, total] = settings;
      const [initialMs, maxMs, totalMs] = [initial, max, total].map(seconds) as [number, number, number];
      const pauses = [1, multiplier, multiplier ** 2].map((factor) =>
        Math.round(Math.min(maxMs, initialMs * factor)),
      );
      expect({ method, pauses: await firstPauses(setUp(host, version), method) }).toEqual({ method, pauses });
      if (index > 0) continue;

      const { clock, client } = setUp(host, version);
      const half = { initialMs: totalMs / 2, maxMs: totalMs / 2, jitter: 0 };
      const handle = await client.startOperation(startMethod(method), {}, { polling: half });
      const ended = handle.wait().catch((error: unknown) => error);
      await clock.whenSleeping();
      await clock.advance(totalMs / 2);
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(totalMs / 2);
      expect(await ended).toMatchObject({ name: "WaitTimeoutError", elapsedMs: totalMs });
    }
  },
);

const CREATE_INSTANCE = "google.spanner.admin.instance.v1.InstanceAdmin.CreateInstance"; // 20 s, 1.5, 45 s

test.each<[string, PollingOptions | undefined, PollingOptions | undefined, number[]]>([
  ["the configuration's without others", undefined, undefined, [20_000, 30_000, 45_000]],
  ["the client's first bound", { initialMs: 100 }, undefined, [100, 150, 225]],
  [
    "the client's last bound, below the configuration's first",
    { maxMs: 5_000 },
    undefined,
    [5_000, 5_000, 5_000],
  ],
  [
    "the call's first bound, above the configuration's last",
    undefined,
    { initialMs: 60_000 },
    [60_000, 60_000, 60_000],
  ],
  ["the call's over the client's", { initialMs: 100, multiplier: 1 }, { initialMs: 200 }, [200, 200, 200]],
  ["what is not said as undefined", { maxMs: undefined }, { initialMs: undefined }, [20_000, 30_000, 45_000]],
])("polls by %s", async (_, ofClient, ofCall, pauses) => {
  expect(await firstPauses(setUp("spanner", "v1", ofClient), CREATE_INSTANCE, ofCall)).toEqual(pauses);
});

test("a method without settings, and a handle made from a name, are polled as by every client", async () => {
  const method = "google.spanner.admin.database.v1.DatabaseAdmin.DropDatabase";
  expect(await firstPauses(setUp("spanner", "v1"), method)).toEqual([1_000, 1_500, 2_250]);
});

test("Ad Manager is polled as its documentation asks, whatever the client", async () => {
  const method = "google.ads.admanager.v1.ReportService.RunReport";
  expect(await firstPauses(setUp("admanager", "v1"), method)).toEqual([5_000, 7_500, 11_250]);
  const hasty = setUp("admanager", "v1", { maxMs: 2_000 });
  expect(await firstPauses(hasty, method)).toEqual([2_000, 2_000, 2_000]);
});

test.each([null, 5, "fast", { initalMs: 5 }])(
  "polling of a start that is none (%j) is refused",
  async (polling) => {
    const { client } = setUp("spanner", "v1");
    const start = client.startOperation(startMethod(CREATE_INSTANCE), {}, { polling: polling as never });
    await expect(start).rejects.toThrow(/operation: polling|startOperation/);
  },
);
