// SPDX-License-Identifier: Apache-2.0
import { REST_PATH } from "../operation.mjs";

/** The platform's fetch by itself. */
export function open({ port }) {
  const url = `http://127.0.0.1:${port}${REST_PATH}`;
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  return {
    call: async () => {
      const response = await fetch(url, request);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      await response.json();
    },
  };
}
