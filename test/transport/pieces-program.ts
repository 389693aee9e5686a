// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport } from "../../src/transport/rest/transport.js";

// A program that makes one call, and prints what it got and by how many bytes its memory has grown at most.

async function main(baseUrl: string): Promise<void> {
  const client = createClient(Operations, createRestTransport({ baseUrl }));
  const before = process.memoryUsage().rss;
  const { name } = await client.getOperation({ name: "operations/1" });
  console.log(`${name} ${process.resourceUsage().maxRSS * 1024 - before}`);
}

void main(process.argv[2] ?? "");
