// SPDX-License-Identifier: Apache-2.0
import { openGaxRest } from "../gax.mjs";
import { readGaxPage } from "./read-page.mjs";

export function open({ port }) {
  const operations = openGaxRest(port);
  return { call: () => readGaxPage(operations) };
}
