// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:http2";
import { TOKEN } from "../credential.mjs";
import { GRPC_PATH, NAME } from "../operation.mjs";

/** Node's HTTP/2 by itself: ready bytes out (a token among them), bytes in, the status read. The limit for gRPC. */
export function open({ port }) {
  const session = connect(`http://127.0.0.1:${port}`);
  const headers = {
    ":method": "POST",
    ":path": GRPC_PATH,
    te: "trailers",
    "content-type": "application/grpc+proto",
    authorization: `Bearer ${TOKEN}`,
  };
  const name = Buffer.from(NAME);
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, name.length + 2, 0x0a, name.length]), name]);
  return {
    call: () =>
      new Promise((resolve, reject) => {
        const stream = session.request(headers);
        let status;
        let size = 0;
        stream.on("trailers", (trailers) => {
          status = trailers["grpc-status"];
        });
        stream.on("data", (chunk) => {
          size += chunk.length;
        });
        stream.on("error", reject);
        stream.on("end", () => (status === "0" ? resolve(size) : reject(new Error(`grpc-status ${status}`))));
        stream.end(frame);
      }),
  };
}
