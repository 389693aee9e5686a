// SPDX-License-Identifier: Apache-2.0
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import pino from "pino";
import winston from "winston";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { CallError, OperationError, snapshotOf, WaitTimeoutError } from "../../src/index.js";

const name = "networks/123/operations/reports/runs/456";
const callError = new CallError({
  code: Code.Unavailable,
  message: "first line\r\n  second line\u2028third",
  method: "google.longrunning.Operations.GetOperation",
  operationName: name,
  requestSent: true,
  details: [{ desc: ErrorInfoSchema, value: { reason: "R", domain: "example.com" } }],
});
const outcome = snapshotOf(
  create(OperationSchema, {
    name,
    done: true,
    result: { case: "error", value: { code: 9, message: "no rows\nat all" } },
  }),
);
if (outcome.state !== "failed") throw new Error("not failed");
const ERRORS = [
  callError,
  new OperationError(outcome),
  new WaitTimeoutError({
    operationName: name,
    snapshot: undefined,
    timeoutMs: 10,
    elapsedMs: 12,
    polls: 1,
    cause: callError,
  }),
].map((error) => [error.constructor.name, error] as const);

/** A stream, and the lines that were written to it. */
function sink() {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return {
    stream,
    entries: () =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}

describe.each(ERRORS)("%s in a log", (_, error) => {
  test("has one line of text, whatever the server wrote", () => {
    expect(error.message).not.toMatch(/[\r\n\u2028\u2029]/);
    expect(JSON.stringify(error)).not.toContain("\\n");
  });

  test("is plain JSON: what JSON.parse gives back is equal", () => {
    const json = error.toJSON();
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchObject({ message: expect.any(String), operationName: name });
  });

  test("is readable in 80 columns, the stack apart", () => {
    const text = inspect(error, { breakLength: 80 });
    const fields = text.slice(String(error.stack).length);
    expect(fields.split("\n").filter((line) => line.length > 80 && !line.includes("message:"))).toEqual([]);
    expect(fields).toContain("operationName");
    expect(text).not.toMatch(/Uint8Array|typeUrl|\$typeName/);
  });

  test("by pino, as err and as the cause of another error", () => {
    const { stream, entries } = sink();
    const err = (one: typeof error) => ({ ...one.toJSON(), stack: one.stack });
    const log = pino({ serializers: { err } }, stream);
    log.error({ err: error }, "the wait failed");
    pino(stream).error(new Error("outer", { cause: error }));
    const [own, outer] = entries();
    expect(own).toMatchObject({ level: 50, msg: "the wait failed", err: JSON.parse(JSON.stringify(error)) });
    expect(outer.err.message).toContain(error.message);
  });

  test("by winston, as JSON", () => {
    const { stream, entries } = sink();
    const log = winston.createLogger({
      format: winston.format.json(),
      transports: [new winston.transports.Stream({ stream })],
    });
    log.error("the wait failed", { error });
    expect(entries()[0]).toMatchObject({ level: "error", error: JSON.parse(JSON.stringify(error)) });
  });
});

test("a WaitTimeoutError has the error of the last poll as its cause", () => {
  expect(ERRORS[2]?.[1].toJSON()).toMatchObject({ cause: { code: "UNAVAILABLE", reason: "unavailable" } });
});
