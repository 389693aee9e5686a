// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * The message of a request that consists of one.
 *
 * @throws ConnectError `InvalidArgument` when there is none, or more than one.
 */
export async function onlyMessageOf<T>(messages: AsyncIterable<T>): Promise<T> {
  const found: T[] = [];
  for await (const message of messages) {
    found.push(message);
    if (found.length > 1) break;
  }
  const [message] = found;
  if (message === undefined || found.length > 1) {
    const count = found.length === 0 ? "no message" : "more than one";
    throw new ConnectError(`the request has ${count}; expected one`, Code.InvalidArgument);
  }
  return message;
}

/**
 * The messages of an answer, whose failure is what `failed` makes of it. A reader that stops early cancels the call.
 */
export async function* guardedMessages<T>(
  messages: AsyncIterable<T>,
  failed: (error: unknown) => Error,
  cancel: () => void,
): AsyncGenerator<T, void, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const step = await iterator.next();
      if (step.done === true) break;
      yield step.value;
    }
    over = true;
  } catch (error) {
    over = true;
    throw failed(error);
  } finally {
    if (!over) {
      cancel();
      // Reading on meets the end of the cancelled call, which takes its timer and its listeners down.
      await iterator.next().catch(() => undefined);
    }
  }
}
