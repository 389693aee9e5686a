// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport } from "../../src/index.js";

// A program that makes one call and does not close its transport. It says how the call ended.

const [baseUrl = "", timeoutMs = "0"] = process.argv.slice(2);
const client = createClient(Operations, createRestTransport({ baseUrl }));
client
  .getOperation({ name: "operations/1" }, { timeoutMs: Number(timeoutMs) })
  .then(({ name }) => console.log(name))
  .catch((error: Error) => console.log(error.message));
