// SPDX-License-Identifier: Apache-2.0
import { CallAbort } from "../../../src/transport/call/abort.js";
import { Exchange } from "../../../src/transport/http/exchange.js";

/** A connection that writes down what it is told. */
function createConnection() {
  const told: string[] = [];
  const control = {
    pause: () => told.push("pause"),
    resume: () => told.push("resume"),
    destroy: () => told.push("destroy"),
  };
  return { told, control };
}

function begin() {
  const exchange = new Exchange(new CallAbort(undefined, undefined), () => undefined);
  const connection = createConnection();
  exchange.attach(connection.control);
  exchange.respond({ status: 200, coding: undefined, headers: () => new Headers() });
  return { exchange, connection };
}

const LARGE = new Uint8Array(64 * 1024 + 1);

test("a connection is told to pause once, and to go on once the reader has caught up", async () => {
  const { exchange, connection } = begin();
  for (const chunk of [LARGE, LARGE]) exchange.push(chunk);
  expect(connection.told).toEqual(["pause"]);
  const chunks = exchange.chunks();
  const read = await chunks.next();
  expect(read.value).toHaveLength(2 * LARGE.length);
  const next = chunks.next();
  expect(connection.told).toEqual(["pause", "resume"]);
  exchange.push(LARGE.subarray(0, 1));
  exchange.complete();
  expect((await next).value).toHaveLength(1);
  expect(connection.told).toEqual(["pause", "resume"]);
});

test("a connection that was never paused is not told to go on", async () => {
  const { exchange, connection } = begin();
  const reading = exchange.bytes(1_000);
  exchange.push(LARGE.subarray(0, 2));
  exchange.complete();
  expect((await reading).content).toHaveLength(2);
  expect(connection.told).toEqual([]);
});

test("another connection for the same request is paused by itself", () => {
  const { exchange } = begin();
  exchange.push(LARGE);
  const second = createConnection();
  exchange.attach(second.control);
  exchange.push(LARGE);
  expect(second.told).toEqual(["pause"]);
});
