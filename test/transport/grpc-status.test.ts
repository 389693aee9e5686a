// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type ServiceImpl } from "@connectrpc/connect";
import { Metadata, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import {
  type CancelOperationRequest,
  type GetOperationRequest,
  OperationSchema,
  Operations,
} from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { CallError } from "../../src/index.js";
import { errorOf, startConnectPeer, startGrpcJsPeer, transports } from "./grpc-peers.js";

/** An error as a server means it. */
interface Failure {
  readonly code: Code;
  readonly message: string;
  readonly detailed: boolean;
}

const errorInfo = create(ErrorInfoSchema, {
  reason: "BUSY",
  domain: "test.example",
  metadata: { zone: "ü" },
});
const retryInfo = create(RetryInfoSchema, { retryDelay: { seconds: 2n, nanos: 5e8 } });
const RESPONSE_BYTES = Uint8Array.of(0, 255, 1, 254);

/** Two servers that nobody here wrote; the name of an operation tells what is wrong with it, as JSON. */
const peers: Readonly<Record<string, () => Promise<{ port: number }>>> = {
  "a Connect server": () =>
    startConnectPeer((router) => {
      router.service(Operations, connectOperations);
    }),
  "a grpc-js server": () => startGrpcJsPeer(Operations, grpcJsOperations),
};

const connectOperations: Partial<ServiceImpl<typeof Operations>> = {
  getOperation({ name }, { requestHeader, responseHeader, responseTrailer }) {
    responseHeader.set("x-head", requestHeader.get("x-ask") ?? "");
    responseHeader.set("x-head-bin", Buffer.from(RESPONSE_BYTES).toString("base64"));
    responseTrailer.set("x-trail-bin", requestHeader.get("x-ask-bin") ?? "");
    return create(OperationSchema, { name, done: true });
  },
  cancelOperation({ name }) {
    const { code, message, detailed } = JSON.parse(name) as Failure;
    throw new ConnectError(
      message,
      code,
      { "x-request-id": "r-1" },
      detailed
        ? [
            { desc: ErrorInfoSchema, value: errorInfo },
            { desc: RetryInfoSchema, value: retryInfo },
          ]
        : undefined,
    );
  },
};

const grpcJsOperations = {
  getOperation(call: ServerUnaryCall<GetOperationRequest, unknown>, callback: sendUnaryData<unknown>) {
    const head = new Metadata();
    head.set("x-head", String(call.metadata.get("x-ask")[0] ?? ""));
    head.set("x-head-bin", Buffer.from(RESPONSE_BYTES));
    call.sendMetadata(head);
    const trailer = new Metadata();
    const [asked] = call.metadata.get("x-ask-bin");
    if (asked instanceof Uint8Array) trailer.set("x-trail-bin", asked);
    callback(null, create(OperationSchema, { name: call.request.name, done: true }), trailer);
  },
  cancelOperation(call: ServerUnaryCall<CancelOperationRequest, unknown>, callback: sendUnaryData<unknown>) {
    const { code, message, detailed } = JSON.parse(call.request.name) as Failure;
    const metadata = new Metadata();
    metadata.set("x-request-id", "r-1");
    if (detailed) {
      const details = [anyPack(ErrorInfoSchema, errorInfo), anyPack(RetryInfoSchema, retryInfo)];
      const status = create(StatusSchema, { code, message, details });
      metadata.set("grpc-status-details-bin", Buffer.from(toBinary(StatusSchema, status)));
    }
    callback({ code: Number(code), details: message, metadata });
  },
  listOperations: unused,
  deleteOperation: unused,
  waitOperation: unused,
};

function unused(_call: unknown, callback: sendUnaryData<unknown>) {
  callback({ code: Number(Code.Unimplemented), details: "unused" });
}

const failures: Failure[] = [
  ...Array.from({ length: 16 }, (_, index) => ({
    code: index + 1,
    message: "no",
    detailed: index % 2 === 0,
  })),
  { code: Code.Internal, message: "", detailed: false },
  { code: Code.NotFound, message: "Größe: 100 % – 操作 🚫", detailed: false },
  { code: Code.NotFound, message: "Größe: 100 % – 操作 🚫", detailed: true },
  { code: Code.Aborted, message: 'a/b?c=d&e#f "quoted", 50% + 1; \\ @home:', detailed: false },
  { code: Code.Aborted, message: "first\nsecond\ttab", detailed: false },
];

describe.each(Object.entries(peers))("%s", (_peer, startPeer) => {
  test.each(failures)(
    "fails a call with $code, $message, details: $detailed; the error is the same over both",
    async (failure) => {
      const { port } = await startPeer();
      const name = JSON.stringify(failure);
      const errors: CallError[] = [];
      for (const connect of Object.values(transports)) {
        const operations = createClient(Operations, connect(port));
        const error = await errorOf(operations.cancelOperation({ name }));
        if (!(error instanceof CallError)) throw error;
        errors.push(error);
        // The next call on the same connection is not affected.
        expect((await operations.getOperation({ name: "operations/1" })).name).toBe("operations/1");
      }
      const [lean, overChannel] = errors;
      expect(lean).toMatchObject({
        code: failure.code,
        method: "google.longrunning.Operations.CancelOperation",
        operationName: name,
        requestSent: true,
        requestId: "r-1",
        attempts: 1,
        status: { code: failure.code, message: failure.message },
        ...(failure.detailed
          ? { errorInfo, retryDelayMs: 2_500 }
          : { errorInfo: undefined, retryDelayMs: undefined }),
      });
      expect(lean?.details).toHaveLength(failure.detailed ? 2 : 0);
      const registry = createRegistry(ErrorInfoSchema, RetryInfoSchema);
      expect(lean?.findDetails(registry).map(({ $typeName }) => $typeName)).toHaveLength(
        failure.detailed ? 2 : 0,
      );
      expect(overChannel?.toJSON()).toEqual(lean?.toJSON());
      expect(overChannel?.details).toEqual(lean?.details);
      expect(overChannel?.status).toEqual(lean?.status);
      expect(overChannel?.message).toBe(lean?.message);
      for (const error of errors) {
        expect([...error.metadata.keys()].filter((key) => /^grpc-(status|message)/.test(key))).toEqual([]);
      }
    },
  );

  test.each(Object.entries(transports))(
    "carries ASCII and binary metadata both ways over %s",
    async (_name, connect) => {
      const { port } = await startPeer();
      const sent = Buffer.from([1, 2, 250]).toString("base64");
      const response = await connect(port).unary(
        Operations.method.getOperation,
        undefined,
        undefined,
        { "x-ask": "what?", "x-ask-bin": sent },
        { name: "operations/1" },
      );
      expect(response.message).toEqual(create(OperationSchema, { name: "operations/1", done: true }));
      expect(response.header.get("x-head")).toBe("what?");
      expect(response.header.get("x-head-bin")?.replace(/=+$/, "")).toBe(
        Buffer.from(RESPONSE_BYTES).toString("base64").replace(/=+$/, ""),
      );
      expect(response.trailer.get("x-trail-bin")?.replace(/=+$/, "")).toBe(sent.replace(/=+$/, ""));
    },
  );
});

test.each(Object.entries(transports))(
  "%s gives an empty message for an empty answer",
  async (_name, connect) => {
    const { port } = await startConnectPeer((router) => {
      router.service(Operations, { cancelOperation: () => create(EmptySchema) });
    });
    const operations = createClient(Operations, connect(port));
    expect(await operations.cancelOperation({ name: "operations/1" })).toEqual(create(EmptySchema));
  },
);
