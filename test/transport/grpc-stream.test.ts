// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { create, type DescMethodStreaming, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Metadata, ServerWritableStream } from "@grpc/grpc-js";
import { createGrpcTransport, type GrpcTransport } from "../../src/grpc.js";
import { CallError } from "../../src/index.js";
import { GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import {
  closedAfterTest,
  errorOf,
  startConnectPeer,
  startGrpcJsPeer,
  startHttp2Peer,
  transports,
} from "./grpc-peers.js";
import { chat, collect, follow } from "./lines-service.js";

const line = (text: string) => create(follow.output, { text });

/** Messages of the runtime descriptor, whose fields no type knows. */
function textOf(message: Message): string {
  return "text" in message ? String(message.text) : "";
}

async function* requests(...names: string[]) {
  for (const name of names) yield { name };
}

function call(
  transport: GrpcTransport,
  method: DescMethodStreaming,
  names: string[],
  signal?: AbortSignal,
  timeoutMs?: number,
) {
  return transport.stream(method, signal, timeoutMs, { "x-ask": "1" }, requests(...names));
}

/** The texts that were read, and what reading ended with. */
async function readAll(transport: GrpcTransport, name: string): Promise<{ texts: string[]; error: unknown }> {
  const texts: string[] = [];
  try {
    const { message } = await call(transport, follow, [name]);
    for await (const one of message) texts.push(textOf(one));
    return { texts, error: undefined };
  } catch (error) {
    return { texts, error };
  }
}

const peers: Readonly<Record<string, () => Promise<{ port: number }>>> = {
  "a Connect server": () =>
    startConnectPeer((router) => {
      router.rpc(follow, async function* (request: Message, { responseTrailer }) {
        const name = "name" in request ? String(request.name) : "";
        for (let index = 0; index < 3; index++) yield line(`${name} ${index}`);
        responseTrailer.set("x-trail", "end");
        if (name === "logs/broken") throw new ConnectError("the log ends here", Code.DataLoss);
      });
    }),
  "a grpc-js server": () =>
    startGrpcJsPeer(follow.parent, {
      follow: (running: ServerWritableStream<Message, Message> & { metadata: Metadata }) => {
        const name = "name" in running.request ? String(running.request.name) : "";
        for (let index = 0; index < 3; index++) running.write(line(`${name} ${index}`));
        const trailer = running.metadata.clone();
        trailer.set("x-trail", "end");
        if (name === "logs/broken") {
          running.emit("error", { code: Number(Code.DataLoss), details: "the log ends here" });
        } else running.end(trailer);
      },
      download: unused,
      collect: unused,
      chat: unused,
    }),
};

function unused() {
  throw new Error("unused");
}

describe.each(Object.entries(transports))("%s", (_name, connect) => {
  test.each(Object.entries(peers))("reads the messages of %s, and its trailer", async (_peer, startPeer) => {
    const { port } = await startPeer();
    const response = await call(connect(port), follow, ["logs/1"]);
    const texts: string[] = [];
    for await (const one of response.message) texts.push(textOf(one));
    expect(texts).toEqual(["logs/1 0", "logs/1 1", "logs/1 2"]);
    expect(response.header.get("content-type")).toMatch(/^application\/grpc/);
    expect(response.trailer.get("x-trail")).toBe("end");
  });

  test.each(Object.entries(peers))("hands over nothing of %s after an abort", async (_peer, startPeer) => {
    const { port } = await startPeer();
    const controller = new AbortController();
    const requests = (async function* () {
      yield { name: "logs/1" };
    })();
    const { message } = await connect(port).stream(follow, controller.signal, undefined, undefined, requests);
    const messages = message[Symbol.asyncIterator]();
    await messages.next();
    controller.abort();
    await expect(messages.next()).rejects.toMatchObject({ reason: "aborted-by-caller" });
  });

  test.each(Object.entries(peers))(
    "gives what %s sent before it failed, then the error",
    async (_peer, startPeer) => {
      const { port } = await startPeer();
      const { texts, error } = await readAll(connect(port), "logs/broken");
      expect(texts).toHaveLength(3);
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({
        code: Code.DataLoss,
        method: "test.v1.Lines.Follow",
        operationName: "logs/broken",
        requestSent: true,
        status: { message: "the log ends here" },
      });
    },
  );

  test.each([
    ["a stream of requests", collect],
    ["streams both ways", chat],
  ])("rejects %s before anything is sent", async (_title, method) => {
    expect(await errorOf(call(connect(1), method, ["logs/1"]))).toMatchObject({
      code: Code.Unimplemented,
      reason: "unimplemented",
      requestSent: false,
      message: expect.stringContaining("@connectrpc/connect-node"),
    });
  });

  test.each([
    ["no message", []],
    ["more than one", ["logs/1", "logs/2"]],
  ])("rejects %s for a method that takes one", async (count, names) => {
    expect(await errorOf(call(connect(1), follow, names))).toMatchObject({
      code: Code.InvalidArgument,
      requestSent: false,
      status: { message: `the request has ${count}; expected one` },
    });
  });

  test.each(["abort", "deadline", "break"])("an end by %s resets the stream with CANCEL", async (how) => {
    let wasClosed = (_code: number | undefined) => {};
    const closed = new Promise<number | undefined>((resolve) => {
      wasClosed = resolve;
    });
    const { port } = await startHttp2Peer((stream) => {
      stream.resume();
      stream.on("close", () => wasClosed(stream.rstCode));
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(framed("first"));
    });
    const controller = new AbortController();
    const response = await call(
      connect(port),
      follow,
      ["logs/1"],
      controller.signal,
      how === "deadline" ? 200 : undefined,
    );
    const texts: string[] = [];
    const reading = (async () => {
      for await (const one of response.message) {
        texts.push(textOf(one));
        if (how === "abort") controller.abort();
        if (how === "break") break;
      }
    })();
    if (how === "break") await reading;
    else {
      expect(await errorOf(reading)).toMatchObject({
        code: how === "abort" ? Code.Canceled : Code.DeadlineExceeded,
        reason: how === "abort" ? "aborted-by-caller" : "deadline-exceeded",
      });
    }
    expect(texts).toEqual(["first"]);
    expect(await closed).toBe(8);
  });

  test.each([
    ["a connection that breaks", Code.Unavailable, "destroy"],
    ["an end without a status", Code.Internal, "end"],
  ])("%s fails the reading after the messages that came", async (_title, code, how) => {
    const { port } = await startHttp2Peer((stream) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(framed("first"), () => {
        if (how === "destroy") stream.session?.destroy();
        else stream.end();
      });
    });
    const { texts, error } = await readAll(connect(port), "logs/1");
    expect(texts).toEqual(["first"]);
    expect(error).toMatchObject({ code, operationName: "logs/1" });
  });

  test("a stream that is reset fails the reading after the messages that came", async () => {
    const { port } = await startFramePeer((wire, { stream }) => {
      wire.headers(stream, GRPC_HEAD);
      wire.data(stream, framed("first"));
      setImmediate(() => wire.reset(stream, 11));
    });
    const { texts, error } = await readAll(connect(port), "logs/1");
    expect(texts).toEqual(["first"]);
    expect(error).toMatchObject({ code: Code.ResourceExhausted, operationName: "logs/1" });
  });
});

describe("createGrpcTransport", () => {
  test("decompresses what is compressed, message by message", async () => {
    const { port } = await startHttp2Peer((stream) => {
      stream.resume();
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "grpc-encoding": "gzip" },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.concat([framed("plain"), framed("compressed", true), framed("", true)]));
    });
    const transport = closedAfterTest(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
    expect(await readAll(transport, "logs/1")).toEqual({
      texts: ["plain", "compressed", ""],
      error: undefined,
    });
  });

  test("does not read ahead of a slow reader", async () => {
    let written = 0;
    const { port } = await startHttp2Peer((stream) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      const chunk = framed("x".repeat(100_000));
      const write = () => {
        while (!stream.destroyed && stream.write(chunk)) written += chunk.length;
      };
      stream.on("drain", write);
      write();
    });
    const transport = closedAfterTest(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
    const { message } = await call(transport, follow, ["logs/1"]);
    const iterator = message[Symbol.asyncIterator]();
    for (let index = 0; index < 20; index++) await iterator.next();
    const afterTwenty = written;
    await iterator.return?.();
    expect(afterTwenty).toBeLessThan(20 * 100_000 + 4 * 1024 * 1024);
  });
});

function framed(text: string, compressed = false): Buffer {
  const plain = toBinary(follow.output, line(text));
  const bytes = compressed ? gzipSync(plain) : plain;
  const prefix = Buffer.from([compressed ? 1 : 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}
