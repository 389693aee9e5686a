// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { createDriver } from "../client/drive.js";
import { Binding, BookSchema } from "./gen/library/v1/book_pb.js";
import { Library, LoanSchema } from "./gen/library/v1/library_pb.js";

const transports: [string, (baseUrl: string) => Transport & { close(): unknown }][] = [
  ["REST", (baseUrl) => createRestTransport({ baseUrl })],
  ["gRPC", (baseUrl) => createGrpcTransport({ baseUrl })],
];

test.each(transports)(
  "a method of one's own starts an operation, which is followed by the types that it names, over %s",
  async (_, connect) => {
    const clock = createFakeClock({ startMs: 0 });
    await using emulator = await startEmulator({ clock });
    emulator.serve(Library, {
      rebindBooks: ({ parent, binding, books }) =>
        emulator.operations.get(
          emulator.operations.start({
            durationMs: 5_000,
            metadata: anyPack(LoanSchema, create(LoanSchema, { number: books.length })),
            response: anyPack(BookSchema, create(BookSchema, { name: parent, binding })),
          }),
        ),
    });
    const transport = connect(emulator.baseUrl);
    const driver = createDriver(transport, clock);
    const client = createOperationsClient({ transport: driver.transport, clock });
    const request = { parent: "shelves/1", binding: Binding.CLOTH, books: [{}, {}] };
    const rebinding = await client.startOperation(Library.method.rebindBooks, request);
    const outcome = await driver.until(rebinding.wait());
    expect(outcome).toMatchObject({
      state: "succeeded",
      response: { $typeName: "library.v1.Book", name: "shelves/1", binding: Binding.CLOTH },
      metadata: { $typeName: "library.v1.Loan", number: 2 },
      problems: [],
    });
    await transport.close();
  },
);
