// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";

// A program that makes one call over REST and one over gRPC, with what the environment says and nothing else.

async function main(baseUrl: string): Promise<void> {
  for (const create of [createRestTransport, createGrpcTransport]) {
    const transport = create({ baseUrl });
    await createClient(Operations, transport)
      .getOperation({ name: "operations/1" }, { timeoutMs: 5_000 })
      .then(
        () => console.log(`${create.name}: answered`),
        (error: Error) => console.log(`${create.name}: ${error.message}`),
      );
    await transport.close();
  }
}

void main(process.argv[2] ?? "");
