// SPDX-License-Identifier: Apache-2.0

/**
 * Runs a task for each name with limited concurrency. Names are read only when a task can start; the first error of a
 * task or the source of names ends it, after the running tasks.
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
