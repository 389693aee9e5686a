// SPDX-License-Identifier: Apache-2.0
import type { Transport } from "@connectrpc/connect";
import type { FakeClock } from "../../src/testing.js";

/** A transport whose calls are counted, and time that goes on only while none is under way. */
export interface Driver {
  readonly transport: Transport;
  /** Short names of the methods called, in order. */
  readonly methods: readonly string[];
  /** Lets real I/O happen, and moves the clock from one sleep's end to the next in between, until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T>;
}

/** Drives client and server, which share a clock that stands still while requests are on the wire. */
export function createDriver(inner: Transport, clock: FakeClock): Driver {
  const methods: string[] = [];
  let underWay = 0;
  const transport: Transport = {
    ...inner,
    unary: async (method, ...call) => {
      methods.push(method.name);
      underWay += 1;
      try {
        return await inner.unary(method, ...call);
      } finally {
        underWay -= 1;
      }
    },
  };
  return {
    transport,
    methods,
    async until(promise) {
      let settled = false;
      const end = () => {
        settled = true;
      };
      promise.then(end, end);
      while (!settled) {
        await new Promise(setImmediate);
        const [nextMs] = clock.pending;
        if (underWay === 0 && nextMs !== undefined) await clock.advance(nextMs - clock.now());
      }
      return promise;
    },
  };
}
