// SPDX-License-Identifier: Apache-2.0
import { openGaxGrpc } from "../gax.mjs";
import { readGaxPage } from "./read-page.mjs";

export function open({ port }) {
  const operations = openGaxGrpc(port);
  return { call: () => readGaxPage(operations) };
}
