// SPDX-License-Identifier: Apache-2.0
import { Pool } from "undici";
import { TOKEN } from "../credential.mjs";
import { REST_PATH } from "../operation.mjs";

/** What undici's `request()` is made of, by itself: a request like ours, with fewer headers, whose response nobody reads. The limit for REST. */
export function open({ port }) {
  const pool = new Pool(`http://127.0.0.1:${port}`);
  const request = {
    method: "POST",
    path: REST_PATH,
    headers: [
      "content-type",
      "application/json",
      "accept",
      "application/json",
      "authorization",
      `Bearer ${TOKEN}`,
    ],
    body: null,
  };
  return {
    call: () =>
      new Promise((resolve, reject) => {
        pool.dispatch(request, {
          onRequestStart() {},
          onResponseStart(_, status) {
            if (status !== 200) reject(new Error(`HTTP ${status}`));
          },
          onResponseData() {},
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        });
      }),
  };
}
