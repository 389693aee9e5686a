// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from "node:http";
import { TOKEN } from "../credential.mjs";
import { REST_PATH } from "../operation.mjs";

/** What the default engine stands on, by itself: a request like ours, with fewer headers, whose body nobody reads. */
export function open({ port }) {
  const options = {
    host: "127.0.0.1",
    port,
    method: "POST",
    path: REST_PATH,
    agent: new Agent({ keepAlive: true }),
    headers: {
      "content-type": "application/json",
      "content-length": 2,
      accept: "application/json",
      authorization: `Bearer ${TOKEN}`,
    },
  };
  return {
    call: () =>
      new Promise((resolve, reject) => {
        request(options, (response) => {
          if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode}`));
          response.on("end", resolve).resume();
        })
          .on("error", reject)
          .end("{}");
      }),
  };
}
