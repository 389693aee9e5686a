// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { type Any, anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  ReportService,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { toCallError } from "../../src/errors/call-error.js";
import { type CallError, createOperationsClient, isCallError, unpackAny } from "../../src/index.js";
import { type OwnOperations, type Subject, subjects } from "./subjects.js";

let open: Subject[] = [];
afterEach(async () => {
  await Promise.all(open.map((subject) => subject.close()));
  open = [];
});

async function failure(call: Promise<unknown>): Promise<CallError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isCallError(error)) throw new Error(`expected a CallError, got ${String(error)}`);
  return error;
}

/** Everything a caller can read from an error, but for what only one protocol has (the HTTP status). */
const facts = (error: CallError) => ({
  ...error.toJSON(),
  status: error.status,
  code: error.code,
  rawMessage: error.rawMessage,
  message: error.message,
  details: error.details.map((detail) =>
    "type" in detail ? { type: detail.type, value: [...detail.value] } : detail,
  ),
  errorInfo: error.errorInfo,
  retryDelayMs: error.retryDelayMs,
});

type OutgoingDetail = Extract<ConnectError["details"][number], { desc: unknown }>;

/** The details that a failing call of {@link faulty} carries. */
const details: OutgoingDetail[] = [
  {
    desc: ErrorInfoSchema,
    value: { reason: "SUPERSEDED", domain: "example.com", metadata: { run: "456", ключ: "é" } },
  },
  { desc: RetryInfoSchema, value: { retryDelay: { seconds: 2n, nanos: 500_000_000 } } },
  { desc: BadRequestSchema, value: { fieldViolations: [{ field: "name", description: "must exist" }] } },
];

/** Fails with the code in the last segment of the name, and a message that no header can carry as it is. */
const faulty: OwnOperations = {
  getOperation: ({ name }) => {
    throw new ConnectError('déjà vu: 100 % "sûr" ☂ 🦄', Number(name.split("/").at(-1)), undefined, details);
  },
};

const codes = Object.values(Code).filter((code): code is Code => typeof code === "number");

describe.each(subjects)("over %s", (subjectName, start) => {
  const subjectOf = async (own?: OwnOperations) => {
    const subject = await start(own);
    open.push(subject);
    const operations = createOperationsClient({ transport: subject.transport, retry: false });
    return { ...subject, client: operations };
  };

  test("a cancel is accepted, and only a later poll says that the operation was cancelled", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({ durationMs: 60_000, cancelDelayMs: 500 });

    expect(await client.cancelOperation(name)).toBeUndefined();
    expect((await client.getOperation(name)).done).toBe(false);
    await clock.advance(500);

    const looked = await client.getOperation(name);
    expect(looked.done).toBe(true);
    expect(looked.result).toMatchObject({ case: "error", value: { code: 1 } });
    expect(operations.find(name)).toMatchObject({ cancelRequested: true, deleted: false });
  });

  test("an operation may complete in spite of the cancel", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({ durationMs: 60_000, onCancel: "completes", cancelDelayMs: 10 });
    await client.cancelOperation(name);
    await clock.advance(10);
    expect((await client.getOperation(name)).result.case).toBe("response");
  });

  test("a server without cancellation responds cancel-unsupported", async () => {
    const { client, operations } = await subjectOf();
    const name = operations.start({ onCancel: "unsupported" });
    const error = await failure(client.cancelOperation(name));
    expect(error).toMatchObject({
      code: Code.Unimplemented,
      reason: "cancel-unsupported",
      method: "google.longrunning.Operations.CancelOperation",
      operationName: name,
      requestSent: true,
      attempts: 1,
    });
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.message).toContain(name);
  });

  test("an unknown name is not-found, for each method that takes one", async () => {
    const { client } = await subjectOf();
    for (const call of [client.cancelOperation, client.getOperation, client.deleteOperation]) {
      expect(await failure(call("operations/nobody"))).toMatchObject({
        code: Code.NotFound,
        reason: "not-found",
        operationName: "operations/nobody",
      });
    }
  });

  test("typed metadata and responses read the same", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({
      durationMs: 1_000,
      metadata: anyPack(
        RunReportMetadataSchema,
        create(RunReportMetadataSchema, { report: "networks/1/reports/2" }),
      ),
      percentField: RunReportMetadataSchema.field.percentComplete,
      response: anyPack(RunReportResponseSchema, create(RunReportResponseSchema, { reportResult: "r" })),
    });
    await clock.advance(250);
    const running = await client.getOperation(name);
    expect(unpackAny(present(running.metadata), RunReportMetadataSchema)).toMatchObject({
      percentComplete: 25,
      report: "networks/1/reports/2",
    });
    await clock.advance(750);
    const done = await client.getOperation(name);
    expect(unpackAny(responseOf(done), RunReportResponseSchema)).toMatchObject({ reportResult: "r" });
  });

  test("a failed operation is data, with its details", async () => {
    const { client, operations, clock } = await subjectOf();
    const info = create(ErrorInfoSchema, { reason: "QUOTA", domain: "example.com" });
    const name = operations.start({
      durationMs: 5,
      error: {
        code: Code.ResourceExhausted,
        message: "no more rows",
        details: [anyPack(ErrorInfoSchema, info)],
      },
    });
    await clock.advance(5);
    const { done, result } = await client.getOperation(name);
    expect(done).toBe(true);
    if (result.case !== "error") throw new Error(`expected an error, got ${result.case}`);
    expect(result.value).toMatchObject({ code: 8, message: "no more rows" });
    expect(result.value.details.map((detail) => unpackAny(detail, ErrorInfoSchema))).toEqual([info]);
  });

  test("done with neither response nor error is legal", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({ durationMs: 1, response: "none" });
    await clock.advance(1);
    expect(await client.getOperation(name)).toMatchObject({ done: true, result: { case: undefined } });
  });

  test("a list is read over its pages, and a deleted operation is gone from it", async () => {
    const { client, operations } = await subjectOf();
    const names = Array.from({ length: 7 }, (_, index) => operations.start({ id: `n${index}` }));
    const deleted = present(names[3]);
    await client.deleteOperation(deleted);

    const seen: string[] = [];
    for await (const { name } of client.listOperations({ name: "operations", pageSize: 2 })) seen.push(name);
    expect(seen).toEqual(names.filter((name) => name !== deleted));
    expect(operations.find(deleted)).toMatchObject({ deleted: true, cancelRequested: false });
  });

  test("the server-side wait returns the state at its timeout, and at once when the operation is done", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({ durationMs: 60_000 });
    const timeout = create(DurationSchema, { seconds: 1n });

    const early = client.raw.waitOperation({ name, timeout });
    await clock.whenSleeping();
    await clock.advance(1_000);
    expect((await early).done).toBe(false);

    await clock.advance(59_000);
    expect((await client.raw.waitOperation({ name, timeout })).done).toBe(true);
  });

  test("a wait that has the server wait ends in its time, on a clock that counts in fractions", async () => {
    const { transport, operations, clock } = await subjectOf();
    const client = createOperationsClient({ transport, polling: { useServerWait: true } });
    const name = operations.start({ durationMs: 5_000 });
    const ended = client.operation(name).wait({ timeoutMs: 30.25 });
    // With a snapshot or without: where the process was held up for so long, one more poll is made.
    await expect(ended).rejects.toMatchObject({ name: "WaitTimeoutError" });
    const wait = client.operation(name).wait({ timeoutMs: 59_999.75 });
    await clock.advance(5_000);
    expect(await wait).toMatchObject({ state: "succeeded" });
  });

  test("a report run is started and polled by its own stub", async () => {
    const { transport } = await subjectOf();
    const operation = await createClient(ReportService, transport).runReport({
      name: "networks/123/reports/7",
    });
    expect(operation.name).toMatch(/^networks\/123\/operations\/reports\/runs\/[^/]+$/);
    expect(unpackAny(present(operation.metadata), RunReportMetadataSchema)).toMatchObject({
      report: "networks/123/reports/7",
    });
  });

  test.each([
    ["spaces and reserved characters", "operations/a b+c;d=e,f@g!h$i&j'k(l)m*n"],
    ["a colon, which is no verb", "operations/1:cancel"],
    ["letters beyond ASCII", "operations/übung/日本/🦄"],
    ["a percent sign", "operations/100%/x%2Fy"],
    ["dots inside a segment", "operations/example.com:p..q"],
  ])("a name with %s arrives as it is", async (_, name) => {
    const { client, operations } = await subjectOf();
    const at = name.lastIndexOf("/");
    operations.start({ parent: name.slice(0, at), id: name.slice(at + 1), onCancel: "cancels" });
    expect((await client.getOperation(name)).name).toBe(name);
    await client.cancelOperation(name);
    expect(operations.find(name)?.cancelRequested).toBe(true);
  });

  test("a call that was given up in advance sends nothing", async () => {
    const { client, operations } = await subjectOf();
    const name = operations.start({});
    const error = await failure(client.cancelOperation(name, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: Code.Canceled, reason: "aborted-by-caller" });
    expect(operations.find(name)?.cancelRequested).toBe(false);
  });

  test("giving a call up while it runs ends the call, not the operation", async () => {
    const { client, operations, clock } = await subjectOf();
    const name = operations.start({ durationMs: 60_000 });
    const controller = new AbortController();
    const waiting = failure(
      client.raw
        .waitOperation(
          { name, timeout: create(DurationSchema, { seconds: 30n }) },
          { signal: controller.signal },
        )
        .catch((error: unknown) => Promise.reject(toCallError(error))),
    );
    await clock.whenSleeping();
    controller.abort();
    expect((await waiting).code).toBe(Code.Canceled);
    expect(operations.find(name)).toMatchObject({ cancelRequested: false, operation: { done: false } });
  });

  test("a call that takes too long is deadline-exceeded within its time", async () => {
    const never: OwnOperations = {
      getOperation: (_, context) =>
        new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(new Error("gone")))),
    };
    const { client } = await subjectOf(never);
    const error = await failure(client.getOperation("operations/slow", { timeoutMs: 100 }));
    expect(error).toMatchObject({
      code: Code.DeadlineExceeded,
      reason: "deadline-exceeded",
      requestSent: true,
    });
  });

  test("request headers arrive, response headers come back", async () => {
    let received: string | null = null;
    const { client } = await subjectOf({
      getOperation: ({ name }, context) => {
        received = context.requestHeader.get("x-caller");
        context.responseHeader.set("x-server", "here");
        return create(OperationSchema, { name });
      },
    });
    const answers: (string | null)[] = [];
    await client.getOperation("operations/1", {
      headers: { "x-caller": "me" },
      onHeader: (headers) => answers.push(headers.get("x-server")),
    });
    expect([received, ...answers]).toEqual(["me", "here"]);
  });

  test("a method that the server lacks is unimplemented", async () => {
    const { client } = await subjectOf({});
    expect(await failure(client.deleteOperation("operations/1"))).toMatchObject({
      code: Code.Unimplemented,
      reason: "unimplemented",
    });
  });

  test("a type that the client does not know does not break the poll, keeps its name, and is no other type", async () => {
    const { client, operations } = await subjectOf();
    const message = create(RunReportMetadataSchema, { report: "networks/1/reports/2" });
    const name = operations.start({ metadata: anyPack(RunReportMetadataSchema, message) });
    const metadata = present((await client.getOperation(name)).metadata);
    expect(metadata.typeUrl).toBe("type.googleapis.com/google.ads.admanager.v1.RunReportMetadata");
    expect(unpackAny(metadata, RunReportResponseSchema)).toBeUndefined();
    expect(unpackAny(metadata, RunReportMetadataSchema)).toEqual(message);
  });

  test.each(codes.map((code) => [Code[code], code] as const))(
    "the error %s is the same as in-process",
    async (_, code) => {
      const { client } = await subjectOf(faulty);
      const error = await failure(client.getOperation(`operations/${code}`));
      const [, startInProcess] = present(subjects.at(-1));
      const measure = await startInProcess(faulty);
      open.push(measure);
      const expected = await failure(
        createOperationsClient({ transport: measure.transport, retry: false }).getOperation(
          `operations/${code}`,
        ),
      );

      // A credential that is refused is refreshed once, and its error says what to do about it.
      const isRefreshed = subjectName.includes("credential") && code === Code.Unauthenticated;
      if (isRefreshed) expect(error).toMatchObject({ attempts: 2, details: expected.details });
      else expect(facts(error)).toEqual(facts(expected));
      expect(error.code).toBe(code);
      expect(error.status.message).toBe('déjà vu: 100 % "sûr" ☂ 🦄');
      expect(error.errorInfo).toMatchObject({ reason: "SUPERSEDED", metadata: { run: "456", ключ: "é" } });
      expect(error.retryDelayMs).toBe(2_500);
      expect(error.findDetails(BadRequestSchema)).toMatchObject([{ fieldViolations: [{ field: "name" }] }]);
    },
  );
});

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("expected a value");
  return value;
}

function responseOf({ result }: Operation): Any {
  if (result.case !== "response") throw new Error(`expected a response, got ${result.case}`);
  return result.value;
}
