// SPDX-License-Identifier: Apache-2.0
import { PAGE_SIZE, PARENT } from "../../servers/page.mjs";

/** Lists with this library, and makes sure that all came. */
export async function readPage(operations) {
  let count = 0;
  for await (const operation of operations.listOperations({ name: PARENT })) count += operation.done ? 1 : 0;
  if (count !== PAGE_SIZE) throw new Error(`${count} operations came; expected ${PAGE_SIZE}`);
}

/** The same with google-gax. */
export async function readGaxPage(operations) {
  const [list] = await operations.listOperations({ name: PARENT, filter: "" });
  if (list.length !== PAGE_SIZE) throw new Error(`${list.length} operations came; expected ${PAGE_SIZE}`);
}
