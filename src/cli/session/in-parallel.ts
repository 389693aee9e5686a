// SPDX-License-Identifier: Apache-2.0

/**
 * Does a task for each name, so many at a time. Names are read only as there is room for them; the first task or name
 * source that fails ends it, after the tasks under way.
 */
export async function inParallel(
  names: AsyncIterator<string>,
  concurrency: number,
  task: (name: string) => Promise<void>,
): Promise<void> {
  let isOver = false;
  const work = async () => {
    while (!isOver) {
      const next = await names.next();
      if (next.done === true) return;
      await task(next.value);
    }
  };
  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      isOver = true;
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  await names.return?.();
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
