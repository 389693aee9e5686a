// SPDX-License-Identifier: Apache-2.0
import { Pool } from "undici";
import { PAGE_SIZE, PARENT } from "../../servers/page.mjs";

/** undici and JSON.parse: the limit for a page over REST. */
export function open({ port }) {
  const pool = new Pool(`http://127.0.0.1:${port}`);
  return {
    call: async () => {
      const { body } = await pool.request({ method: "GET", path: `/v1/${PARENT}/operations/reports/runs` });
      const { operations } = await body.json();
      if (operations.length !== PAGE_SIZE) throw new Error(`${operations.length} operations came`);
    },
  };
}
