// SPDX-License-Identifier: Apache-2.0
import { AsyncLocalStorage } from "node:async_hooks";
import { TestEnvironment } from "jest-environment-node";

const running = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  running.add(this);
  return run.apply(this, args);
};

/**
 * Jest's environment for Node, which stops what Jest's runner leaves behind after each file. The runner has an AsyncLocalStorage
 * for each file and never disables it: Node 20 and 22 copy the stores of all of them into every new promise, so that the hundredth
 * file of a worker runs at a fraction of the speed of the first.
 */
export default class NodeEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of running) storage.disable();
    running.clear();
  }
}
