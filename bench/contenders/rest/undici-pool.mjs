// SPDX-License-Identifier: Apache-2.0
import { Pool } from "undici";
import { TOKEN } from "../credential.mjs";
import { REST_PATH } from "../operation.mjs";

/** undici by itself, as programs use it: no transcoding, no types, no deadline. */
export function open({ port }) {
  const pool = new Pool(`http://127.0.0.1:${port}`);
  const request = {
    method: "POST",
    path: REST_PATH,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Bearer ${TOKEN}`,
    },
    body: "{}",
  };
  return {
    call: async () => {
      const { statusCode, body } = await pool.request(request);
      const text = await body.text();
      if (statusCode !== 200 || text !== "{}") throw new Error(`HTTP ${statusCode} ${text}`);
    },
  };
}
