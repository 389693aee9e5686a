// SPDX-License-Identifier: Apache-2.0
import { Client, credentials } from "@grpc/grpc-js";
import { GRPC_PATH, NAME } from "../operation.mjs";

/** grpc-js by itself, with the smallest encoding there is. */
export function open({ port }) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const name = Buffer.from(NAME);
  const encode = () => Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const decode = () => ({});
  return {
    call: () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(GRPC_PATH, encode, decode, {}, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
  };
}
