// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { Output } from "../process.js";
import type { Format, Item } from "./format.js";

/** Prints data on standard output. */
export interface Printer {
  /** Prints one item, and waits while the reader is slow. */
  print(item: Item): Promise<void>;
  /** Closes what the format has open. */
  end(): Promise<void>;
}

/** Creates the printer of one command. */
export function createPrinter(stdout: Output, format: Format): Printer {
  let count = 0;
  const write = async (text: string) => {
    if (text !== "" && !stdout.write(text)) await once(stdout, "drain");
  };
  return {
    print: (item) => write(format.item(item, count++)),
    end: () => write(format.end(count)),
  };
}
