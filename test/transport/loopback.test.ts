// SPDX-License-Identifier: Apache-2.0
import { createContextKey, createContextValues } from "@connectrpc/connect";
import {
  addressOptions,
  isLoopbackName,
  LOOPBACK_RESOLVED,
  withLoopbackResolved,
} from "../../src/transport/loopback.js";

test.each(["localhost", "api.localhost", "a.b.localhost", "localhost.localhost"])(
  "%s is a name of this machine",
  (name) => {
    expect(isLoopbackName(name)).toBe(true);
    expect(addressOptions(name).lookup).toBeDefined();
  },
);

test.each(["localhost.", "localhost.test", "xlocalhost", "evil.localhost.test", "127.0.0.1", "[::1]", ""])(
  "%p is not",
  (name) => {
    expect(isLoopbackName(name)).toBe(false);
    expect(addressOptions(name).lookup).toBeUndefined();
  },
);

test.each([
  [
    { all: true },
    [
      [
        { address: "127.0.0.1", family: 4 },
        { address: "::1", family: 6 },
      ],
    ],
  ],
  [{}, ["127.0.0.1", 4]],
  [{ family: 4 }, ["127.0.0.1", 4]],
  [{ family: 6 }, ["::1", 6]],
  [{ family: "IPv6" as const }, ["::1", 6]],
])("a name of this machine is a loopback address: %j", async (options, want) => {
  const found = await new Promise((resolve, reject) => {
    addressOptions("evil.localhost").lookup?.("evil.localhost", options, (error, ...result) =>
      error === null ? resolve(result) : reject(error),
    );
  });
  expect(found).toEqual(want);
});

test("the trust of a transport stays out of the caller's own context values", () => {
  const key = createContextKey(1);
  const mine = createContextValues().set(key, 2);
  const merged = withLoopbackResolved(mine);
  expect([merged.get(LOOPBACK_RESOLVED), merged.get(key)]).toEqual([true, 2]);
  merged.set(key, 3).delete(LOOPBACK_RESOLVED);
  expect([mine.get(LOOPBACK_RESOLVED), mine.get(key), merged.get(LOOPBACK_RESOLVED)]).toEqual([
    false,
    3,
    false,
  ]);
  expect(withLoopbackResolved().get(LOOPBACK_RESOLVED)).toBe(true);
});
