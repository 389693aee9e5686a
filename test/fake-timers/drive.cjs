// SPDX-License-Identifier: Apache-2.0
// What a test of a user does under the fake timers of a framework: a cancel, a wait and a watch go to their ends while the
// framework moves the timers. Over the fake, and over sockets to an emulator of another process (EMULATOR_URL, NAMES).

// The real one: sockets take real time, whatever the timers are told.
const later = setTimeout;

/** How far the timers move at a time, and how long that takes: a call's deadline of a minute is some seconds away. */
const STEP_MS = 100;
const REAL_STEP_MS = 10;

/** Drives all three; `advance` moves the framework's timers. Resolves to how the operations ended. */
async function drive(operations, [first, second, third], advance) {
  const watched = [];
  const watch = async () => {
    for await (const { state } of operations.operation(third).watch()) watched.push(state);
    return watched.at(-1);
  };
  let isOver = false;
  const ends = Promise.all([
    operations.cancelAndWait(first).then(({ state }) => state),
    operations
      .operation(second)
      .wait({ timeoutMs: 3_600_000 })
      .then(({ state }) => state),
    watch(),
  ]);
  const over = () => {
    isOver = true;
  };
  ends.then(over, over);
  for (let step = 0; !isOver; step++) {
    if (step === 10) for (const name of [second, third]) void operations.cancelOperation(name).catch(over);
    await advance(STEP_MS);
    await new Promise((resolve) => later(resolve, REAL_STEP_MS));
  }
  return ends;
}

/** The subjects: how each is made, once the timers are fake, and how it is driven. */
exports.subjects = ({ createOperationsClient, createRestTransport }, { createGrpcTransport }, testing) => {
  const names = JSON.parse(process.env.NAMES);
  const overSockets = (create) => async (advance) => {
    const transport = create({ baseUrl: process.env.EMULATOR_URL });
    try {
      return await drive(createOperationsClient({ transport }), names.splice(0, 3), advance);
    } finally {
      await transport.close();
    }
  };
  return {
    "over the fake": async (advance) => {
      const clock = testing.createFakeClock();
      const fake = testing.createFakeOperations({ clock });
      const started = [1, 2, 3].map(() =>
        fake.operations.start({ durationMs: 3_600_000, cancelDelayMs: 2_000 }),
      );
      return drive(createOperationsClient({ transport: fake.transport }), started, async (ms) => {
        await clock.advance(ms);
        await advance(ms);
      });
    },
    "over REST": overSockets(createRestTransport),
    "over gRPC": overSockets(createGrpcTransport),
  };
};

exports.CANCELLED = ["cancelled", "cancelled", "cancelled"];
