// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import {
  anyPack,
  anyUnpack,
  DoubleValueSchema,
  EmptySchema,
  FloatValueSchema,
  Int64ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import {
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { createStore, type Store } from "../../src/emulator/operations/store.js";
import { createFakeClock, type OnCancel, type OperationScript } from "../../src/testing.js";
import { propertyRuns } from "../property-runs.js";

const createTestStore = (maxOperations?: number) => {
  const clock = createFakeClock();
  return { clock, store: createStore(clock, { maxOperations }) };
};

const notFound = expect.objectContaining({ code: Code.NotFound });

test("runs for its time and then returns its response", async () => {
  const { clock, store } = createTestStore();
  const response = anyPack(RunReportResponseSchema, create(RunReportResponseSchema, { reportResult: "r" }));
  const { name } = store.start({
    parent: "networks/123/operations/reports/runs",
    durationMs: 1_000,
    response,
  });
  expect(name).toBe("networks/123/operations/reports/runs/1");
  await clock.advance(999);
  expect(store.get(name)).toMatchObject({ name, done: false, result: { case: undefined } });
  await clock.advance(1);
  expect(store.get(name)).toMatchObject({ done: true, result: { case: "response", value: response } });
});

test("returns an Empty when no response is given, and nothing at all for none", () => {
  const { store } = createTestStore();
  const empty = store.get(store.start({ durationMs: 0 }).name);
  expect(empty.result).toEqual({ case: "response", value: anyPack(EmptySchema, create(EmptySchema)) });
  const nothing = store.get(store.start({ durationMs: 0, response: "none" }).name);
  expect(nothing).toMatchObject({ done: true, result: { case: undefined } });
});

test("fails with the scripted status and its details", () => {
  const { store } = createTestStore();
  const details = [anyPack(EmptySchema, create(EmptySchema))];
  const { name } = store.start({ durationMs: 0, error: { code: 9, message: "No.", details } });
  expect(store.get(name).result).toMatchObject({
    case: "error",
    value: { code: 9, message: "No.", details },
  });
});

const CANCELLED = { done: true, result: { case: "error", value: { code: 1 } } };
const SUCCEEDED = { done: true, result: { case: "response" } };
const RUNNING = { done: false, result: { case: undefined } };

test.each<[OnCancel, object, object]>([
  ["cancels", CANCELLED, CANCELLED],
  ["ignores", RUNNING, SUCCEEDED],
  ["completes", SUCCEEDED, SUCCEEDED],
])(
  "an operation that %s: asked at 100 ms, looked at after the delay and at its end",
  async (onCancel, after, atEnd) => {
    const { clock, store } = createTestStore();
    const { name } = store.start({ durationMs: 1_000, cancelDelayMs: 50, onCancel });
    await clock.advance(100);
    store.cancel(name);
    expect(store.get(name)).toMatchObject(RUNNING);
    await clock.advance(49);
    expect(store.get(name)).toMatchObject(RUNNING);
    await clock.advance(1);
    expect(store.get(name)).toMatchObject(after);
    await clock.advance(1_000);
    expect(store.get(name)).toMatchObject(atEnd);
  },
);

test("an operation that vanishes on a cancel is unknown after the delay", async () => {
  const { clock, store } = createTestStore();
  const { name } = store.start({ onCancel: "vanishes", cancelDelayMs: 50 });
  store.cancel(name);
  await clock.advance(49);
  expect(store.get(name)).toMatchObject(RUNNING);
  await clock.advance(1);
  expect(() => store.get(name)).toThrow(notFound);
  expect(() => store.cancel(name)).toThrow(notFound);
});

test("an operation without cancellation answers UNIMPLEMENTED and runs on", () => {
  const { store } = createTestStore();
  const { name } = store.start({ onCancel: "unsupported" });
  expect(() => store.cancel(name)).toThrow(expect.objectContaining({ code: Code.Unimplemented }));
  expect(store.get(name)).toMatchObject(RUNNING);
});

test("an end that comes before the cancel takes effect wins", async () => {
  const { clock, store } = createTestStore();
  const { name } = store.start({ durationMs: 100, cancelDelayMs: 100 });
  store.cancel(name);
  await clock.advance(100);
  expect(store.get(name)).toMatchObject(SUCCEEDED);
});

test("a second cancel does not put off the first", async () => {
  const { clock, store } = createTestStore();
  const { name } = store.start({ cancelDelayMs: 100 });
  store.cancel(name);
  await clock.advance(60);
  store.cancel(name);
  await clock.advance(40);
  expect(store.get(name)).toMatchObject(CANCELLED);
});

test("the metadata carries the progress and the requested cancel", async () => {
  const { clock, store } = createTestStore();
  const metadata = anyPack(
    RunReportMetadataSchema,
    create(RunReportMetadataSchema, { report: "networks/1/reports/2" }),
  );
  const { name } = store.start({
    durationMs: 1_000,
    metadata,
    percentField: RunReportMetadataSchema.field.percentComplete,
  });
  const percent = () => {
    const any = store.get(name).metadata;
    return any && anyUnpack(any, RunReportMetadataSchema);
  };
  expect(percent()).toMatchObject({ percentComplete: 0, report: "networks/1/reports/2" });
  await clock.advance(421);
  expect(percent()).toMatchObject({ percentComplete: 42, report: "networks/1/reports/2" });
  await clock.advance(1_000);
  expect(percent()).toMatchObject({ percentComplete: 100 });
});

test("a bool field of the metadata says that a cancel was requested", async () => {
  const { clock, store } = createTestStore();
  const metadata = anyPack(OperationSchema, create(OperationSchema, { name: "as metadata" }));
  const cancelRequestedField = OperationSchema.field.done;
  const { name } = store.start({ onCancel: "ignores", metadata, cancelRequestedField });
  const metadataNow = () => {
    const any = store.get(name).metadata;
    return any && anyUnpack(any, OperationSchema);
  };
  expect(metadataNow()).toMatchObject({ name: "as metadata", done: false });
  await clock.advance(10);
  store.cancel(name);
  expect(metadataNow()).toMatchObject({ name: "as metadata", done: true });
});

test.each([
  ["double", DoubleValueSchema],
  ["float", FloatValueSchema],
  ["int64", Int64ValueSchema],
] as const)("the progress may be a %s", async (_, schema) => {
  const { clock, store } = createTestStore();
  const metadata = anyPack(schema as typeof DoubleValueSchema, create(schema as typeof DoubleValueSchema));
  const { name } = store.start({ durationMs: 100, metadata, percentField: schema.field.value });
  await clock.advance(25);
  const any = store.get(name).metadata;
  expect(any && anyUnpack(any, schema as typeof DoubleValueSchema)).toMatchObject({
    value: schema === Int64ValueSchema ? 25n : 25,
  });
});

test("metadata in steps changes at their moments", async () => {
  const { clock, store } = createTestStore();
  const step = (report: string) =>
    anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, { report }));
  const { name } = store.start({
    durationMs: Number.POSITIVE_INFINITY,
    metadata: [
      { afterMs: 200, metadata: step("late") },
      { afterMs: 100, metadata: step("early") },
    ],
  });
  expect(store.get(name).metadata).toBeUndefined();
  await clock.advance(100);
  expect(store.get(name).metadata).toEqual(step("early"));
  await clock.advance(100);
  expect(store.get(name).metadata).toEqual(step("late"));
});

test("an operation vanishes at its time, done or not", async () => {
  const { clock, store } = createTestStore();
  const { name } = store.start({ durationMs: 10, vanishAfterMs: 100 });
  await clock.advance(99);
  expect(store.get(name).done).toBe(true);
  await clock.advance(1);
  expect(() => store.get(name)).toThrow(notFound);
});

test("an id that is taken is refused", () => {
  const { store } = createTestStore();
  store.start({ id: "1" });
  expect(() => store.start({ id: "1" })).toThrow(expect.objectContaining({ code: Code.AlreadyExists }));
  expect(store.start({}).name).toBe("operations/2"); // and passed over
});

test.each<[string, object, string]>([
  ["an option that does not exist", { duration: 1 }, 'unknown option "duration"'],
  ["a parent that no name can have", { parent: "a//b" }, 'the name "a//b/1" has an empty segment'],
  ["an id that no name can have", { id: ".." }, 'the name "operations/.." has a dot segment'],
  ["a negative time", { durationMs: -1 }, "durationMs: invalid value (got -1"],
  ["a word that onCancel does not have", { onCancel: "stops" }, 'onCancel: invalid value (got "stops"'],
  [
    "an error that is none",
    { error: { code: 0 } },
    "error.code: invalid value (got 0; expected a Code other than OK",
  ],
  ["two ends", { error: { code: 5 }, response: "none" }, "both were given"],
  [
    "a field to fill without metadata",
    { percentField: RunReportMetadataSchema.field.percentComplete },
    "need metadata",
  ],
  [
    "a percentage in a text",
    { metadata: [], percentField: RunReportMetadataSchema.field.report },
    "expected a number or bool field",
  ],
])("refuses a script with %s", (_, script, message) => {
  const { store } = createTestStore();
  expect(() => store.start(script as OperationScript)).toThrow(message);
});

test("the oldest finished operations make room, running and deleted ones do not count or go", async () => {
  const { clock, store } = createTestStore(3);
  const start = (id: string, durationMs: number) => store.start({ id, durationMs }).name;
  const names = () => listAll(store, 10);
  start("running", 1_000);
  for (const id of ["a", "b", "c"]) start(id, 0);
  expect(names()).toEqual(["operations/running", "operations/b", "operations/c"]);
  store.delete("operations/b");
  start("d", 1_000);
  expect(names()).toEqual(["operations/running", "operations/c", "operations/d"]);
  for (const id of ["e", "f"]) start(id, 1_000);
  expect(names()).toEqual(["running", "d", "e", "f"].map((id) => `operations/${id}`));
  await clock.advance(1_000);
  start("g", 0);
  expect(names()).toEqual(["e", "f", "g"].map((id) => `operations/${id}`));
  expect(() => store.get("operations/running")).toThrow(notFound);
});

test("a store that is full goes through its operations seldom", () => {
  const { store } = createTestStore(1_000);
  for (let n = 0; n < 5_000; n++) store.start({ durationMs: 0 });
  const kept = store.data().records.length;
  expect(kept).toBeGreaterThanOrEqual(1_000);
  expect(kept).toBeLessThanOrEqual(1_010);
});

// The state machine: any calls, in any order, at any time.

type Action =
  | { kind: "start"; script: OperationScript }
  | { kind: "cancel" | "delete" | "finish"; nth: number }
  | { kind: "advance"; ms: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant("start" as const),
    script: fc.record({
      parent: fc.constantFrom("operations", "networks/1/operations/reports/runs"),
      durationMs: fc.constantFrom(0, 10, 100, Number.POSITIVE_INFINITY),
      onCancel: fc.constantFrom<OnCancel>("cancels", "ignores", "completes", "vanishes", "unsupported"),
      cancelDelayMs: fc.constantFrom(0, 5, 50),
    }),
  }),
  fc.record({
    kind: fc.constantFrom("cancel" as const, "delete" as const, "finish" as const),
    nth: fc.nat(9),
  }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.constantFrom(1, 5, 20, 200) }),
);

const lookOrMiss = (store: Store, name: string): Operation | undefined => {
  try {
    return store.get(name);
  } catch (error) {
    expect(error).toMatchObject({ code: Code.NotFound });
    return undefined;
  }
};

const listAll = (store: Store, limit: number): string[] => {
  const names: string[] = [];
  let after: number | undefined = -1;
  while (after !== undefined) {
    const page = store.page({ parent: "", after, limit, matches: () => true });
    expect(page.operations.length).toBeLessThanOrEqual(limit);
    names.push(...page.operations.map(({ name }) => name));
    after = page.last;
  }
  return names;
};

test("no sequence of calls breaks the rules of the lifecycle", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 3, undefined),
      async (actions, limit, maxOperations) => {
        const { clock, store } = createTestStore(maxOperations);
        const names: string[] = ["operations/none"];
        const finals = new Map<string, unknown>();
        const missing = new Set<string>(["operations/none"]);
        for (const step of actions) {
          const name = "nth" in step ? (names[step.nth % names.length] ?? "") : "";
          const before = store.find(name);
          const was = lookOrMiss(store, name);
          if (step.kind === "advance") await clock.advance(step.ms);
          else if (step.kind === "start") names.push(store.start(step.script).name);
          else {
            const call = () =>
              step.kind === "finish" ? store.finish(name, { case: undefined }) : store[step.kind](name);
            if (was === undefined) expect(call).toThrow(notFound);
            else if (step.kind === "cancel" && before?.behaviour.onCancel === "unsupported")
              expect(call).toThrow();
            else call();
            if (step.kind === "cancel" && was?.done) expect(store.find(name)).toBe(before); // a cancel of a finished one
            if (step.kind === "delete" && was !== undefined) {
              expect(store.find(name)).toMatchObject({ cancelRequestedMs: before?.cancelRequestedMs });
              missing.add(name);
            }
          }
          for (const known of names) {
            const operation = lookOrMiss(store, known);
            if (missing.has(known))
              expect(operation).toBeUndefined(); // what is gone stays gone
            else if (step.kind === "start" && operation === undefined) expect(finals.has(known)).toBe(true); // what runs is not dropped
            if (operation === undefined) missing.add(known);
            const final = finals.get(known);
            if (operation === undefined) continue;
            const { done, result } = operation;
            if (!done) expect(result.case).toBeUndefined();
            if (final !== undefined)
              expect({ done, result }).toEqual(final); // what is done stays as it is
            else if (done) finals.set(known, { done, result });
          }
          const listed = listAll(store, limit);
          expect(listed).toEqual(names.filter((known) => !missing.has(known)));
          if (step.kind === "start" && listed.length > (maxOperations ?? Number.POSITIVE_INFINITY))
            expect(listed.slice(0, -1).filter((known) => store.get(known).done)).toEqual([]);
        }
      },
    ),
    { numRuns: propertyRuns(300) },
  );
});

test("a store made from another's data goes on where that one was", async () => {
  const { clock, store } = createTestStore();
  const { name } = store.start({ durationMs: 100 });
  store.cancel(name);
  const gone = store.start({}).name;
  store.delete(gone);
  const copy = createStore(clock, { from: store.data() });
  await clock.advance(100);
  expect(copy.get(name)).toEqual(store.get(name));
  expect(() => copy.get(gone)).toThrow(notFound);
  expect(copy.start({}).name).toBe("operations/3");
});

test("time never goes back behind the data that a store was made from", () => {
  const { store } = createTestStore();
  const { name } = store.start({ durationMs: 100 });
  const later = createStore(createFakeClock({ startMs: -1_000 }), { from: { ...store.data(), atMs: 2_000 } });
  expect(later.get(name).done).toBe(true);
});
