// SPDX-License-Identifier: Apache-2.0
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { anyToJson, createOperationsClient } from "../../src/index.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { createTestTransport } from "./rest-fixture.js";

test("an Any of an unknown type inside a known one keeps its name and its JSON, and the known one is protobuf", async () => {
  const inner = {
    "@type": "type.googleapis.com/x.Unknown",
    deep: { "@type": "type.googleapis.com/y.Other" },
  };
  const metadata = { "@type": "type.googleapis.com/google.rpc.Status", code: 5, details: [inner] };
  const server = await startRawServer((socket) => {
    socket.write(httpAnswer(200, JSON.stringify({ name: "operations/1", metadata })));
  });
  const transport = createTestTransport({ baseUrl: server.baseUrl });
  const operation = await createOperationsClient({ transport }).getOperation("operations/1");
  if (operation.metadata === undefined) throw new Error("no metadata");
  const status = anyUnpack(operation.metadata, StatusSchema);
  expect(status?.code).toBe(5);
  const [detail] = status?.details ?? [];
  expect(detail?.typeUrl).toBe(inner["@type"]);
  expect(detail && anyToJson(detail)).toEqual(inner);
  expect(anyToJson(operation.metadata)).toEqual(metadata);
});
