// SPDX-License-Identifier: Apache-2.0
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { startEmulator } from "../../src/emulator.js";
import { file_library_v1_library } from "../any-service/gen/library/v1/library_pb.js";
import { descriptorSetOf } from "./descriptor-set.js";

// Requests and responses are written and read by field numbers of reflection.proto and health.proto, so that the
// emulator's own descriptors of them are not trusted.

const bytes = (value: Uint8Array) => Buffer.from(value);

function connect(port: number): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure());
}

/** The fields of a message by their numbers; the last of each. */
function fieldsOf(message: Uint8Array): Map<number, Uint8Array | number>[] {
  const reader = new BinaryReader(message);
  const fields: Map<number, Uint8Array | number>[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    fields.push(new Map([[number, type === WireType.LengthDelimited ? reader.bytes() : reader.int32()]]));
  }
  return fields;
}

const field = (message: Uint8Array, number: number) => {
  const found = fieldsOf(message)
    .find((one) => one.has(number))
    ?.get(number);
  if (!(found instanceof Uint8Array)) throw new Error(`no field ${number}`);
  return found;
};
const allFields = (message: Uint8Array, number: number) =>
  fieldsOf(message).flatMap((one) => {
    const value = one.get(number);
    return value instanceof Uint8Array ? [value] : [];
  });
const textOf = (value: Uint8Array) => new TextDecoder().decode(value);
const request = (number: number, value: string) =>
  new BinaryWriter().tag(number, WireType.LengthDelimited).string(value).finish();

/** The responses to some requests on one stream. */
async function reflect(
  port: number,
  version: string,
  requests: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const client = connect(port);
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const stream = client.makeBidiStreamRequest(path, bytes, bytes);
  const responses: Uint8Array[] = [];
  for (const one of requests) stream.write(one as never);
  stream.end();
  for await (const response of stream) responses.push(response);
  client.close();
  return responses;
}

/** Names of the files in a response. */
const filesIn = (response: Uint8Array | undefined) =>
  allFields(field(response ?? new Uint8Array(), 4), 1).map(
    (file) => fromBinary(FileDescriptorProtoSchema, file).name,
  );

const LIST = request(7, "");

test.each(["v1", "v1alpha"])("%s lists the services, those of a descriptor set too", async (version) => {
  await using emulator = await startEmulator({ descriptorSets: [descriptorSetOf(file_library_v1_library)] });
  const [response] = await reflect(emulator.port, version, [LIST]);
  const names = allFields(field(response ?? new Uint8Array(), 6), 1).map((service) =>
    textOf(field(service, 1)),
  );
  expect(names).toEqual([
    "google.ads.admanager.v1.ReportService",
    "google.longrunning.Operations",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "library.v1.Library",
  ]);
});

test("a symbol, a file and an extension come with all of their imports", async () => {
  await using emulator = await startEmulator({ descriptorSets: [descriptorSetOf(file_library_v1_library)] });
  const extension = new BinaryWriter().tag(5, WireType.LengthDelimited).fork();
  extension.tag(1, WireType.LengthDelimited).string("google.protobuf.MethodOptions");
  extension.tag(2, WireType.Varint).int32(1049).join();
  const responses = await reflect(emulator.port, "v1", [
    request(4, "library.v1.Library.GetBook"),
    request(4, "library.v1.Book"),
    request(4, "google.longrunning.Operation"),
    request(3, "google/rpc/status.proto"),
    extension.finish(),
  ]);
  expect(filesIn(responses[0])).toEqual(
    expect.arrayContaining(["library/v1/library.proto", "library/v1/book.proto"]),
  );
  expect(filesIn(responses[1])[0]).toBe("library/v1/book.proto");
  expect(filesIn(responses[2])).toEqual(expect.arrayContaining(["google/longrunning/operations.proto"]));
  expect(filesIn(responses[3])[0]).toBe("google/rpc/status.proto");
  expect(filesIn(responses[4])[0]).toBe("google/longrunning/operations.proto");
});

test("what is not known is an error in the response, and the stream goes on", async () => {
  await using emulator = await startEmulator();
  const responses = await reflect(emulator.port, "v1", [
    request(4, "a.B"),
    request(3, "x.proto"),
    new Uint8Array(),
    LIST,
  ]);
  expect(responses.map((response) => fieldsOf(response).some((one) => one.has(7)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

async function check(port: number, service: string): Promise<Buffer | ServiceError> {
  const client = connect(port);
  try {
    return await new Promise((resolve) => {
      const message = request(1, service);
      client.makeUnaryRequest(
        "/grpc.health.v1.Health/Check",
        bytes,
        bytes,
        message as never,
        (error, response) => resolve(error ?? bytes(response as Uint8Array)),
      );
    });
  } finally {
    client.close();
  }
}

test("health: the server and its services are serving, others are not known; faults do not touch it", async () => {
  await using emulator = await startEmulator({ faults: [{ kind: "reset" }] });
  expect(await check(emulator.port, "")).toEqual(Buffer.from([8, 1]));
  expect(await check(emulator.port, "google.longrunning.Operations")).toEqual(Buffer.from([8, 1]));
  expect(await check(emulator.port, "a.B")).toMatchObject({ code: 5 });
});

test("a health watch says the state, and ends with the client", async () => {
  await using emulator = await startEmulator();
  const client = connect(emulator.port);
  const stream = client.makeServerStreamRequest(
    "/grpc.health.v1.Health/Watch",
    bytes,
    bytes,
    request(1, "a.B") as never,
  );
  const status = await new Promise((resolve) => stream.once("data", resolve));
  expect(status).toEqual(Buffer.from([8, 3]));
  stream.on("error", () => undefined).cancel();
  client.close();
});
