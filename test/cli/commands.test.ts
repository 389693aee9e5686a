// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { beginHere, runHere } from "./in-process.js";

const RUNS = "networks/123/operations/reports/runs";
let emulator: Emulator;
let at: string[];

beforeAll(async () => {
  emulator = await startEmulator({ reportRuns: { durationMs: 200, cancelDelayMs: 1 } });
  at = ["--endpoint", emulator.baseUrl];
});
afterAll(() => emulator.close());

/** Starts an operation that ends as a test needs it. */
const started = (script: object) =>
  emulator.operations.start({ parent: RUNS, durationMs: 60_000, cancelDelayMs: 1, ...script });
const broken = { durationMs: 0, error: { code: 9, message: "no rows" } };

describe("the exit status", () => {
  test.each<[string, string[], object, number]>([
    ["0: asked for the cancel", ["cancel"], {}, 0],
    ["0: cancelled, as was asked for", ["cancel", "--wait"], {}, 0],
    ["3: failed when it was to be cancelled", ["cancel", "--wait"], broken, 3],
    ["5: succeeded despite the cancel", ["cancel", "--wait"], { onCancel: "completes" }, 5],
    ["6: still not cancelled", ["cancel", "--wait", "--timeout", "300ms"], { onCancel: "ignores" }, 6],
    ["76: the server does not cancel", ["cancel"], { onCancel: "unsupported" }, 76],
    ["0: succeeded", ["wait"], { durationMs: 0 }, 0],
    ["3: failed", ["wait"], broken, 3],
    ["4: cancelled, when success was waited for", ["wait"], { durationMs: 0, error: { code: 1 } }, 4],
    ["6: the time was up", ["wait", "--timeout", "200ms"], {}, 6],
    ["0: read, whatever its state", ["get"], broken, 0],
    ["0: watched", ["watch"], { durationMs: 0 }, 0],
    ["3: watched, and failed", ["watch"], broken, 3],
  ])("is %s", async (_, command, script, status) => {
    const name = started(script);
    expect(await runHere([...command, name, ...at])).toMatchObject({ status });
  });

  test("is 64 + the code of a failed call", async () => {
    expect(await runHere(["get", `${RUNS}/unknown`, ...at])).toMatchObject({ status: 69, stdout: "" });
  });

  test("is 2 for a mistake on the command line", async () => {
    expect((await runHere(["get"])).status).toBe(2);
  });

  test("is 1 for what nobody thought of: a state file that is a folder", async () => {
    const { status } = await runHere(["emulator", "--port", "0", "--state", "/"]);
    expect(status).toBe(1);
  });

  test("is the worst of several names, with a line for each", async () => {
    const [good, bad] = [started({ durationMs: 0 }), started(broken)];
    const { status, stdout } = await runHere(["wait", good, bad, ...at]);
    expect(status).toBe(3);
    expect(stdout.trim().split("\n").sort()).toEqual([
      `failed     ${bad}  FAILED_PRECONDITION: no rows`,
      `succeeded  ${good}`,
    ]);
  });

  test("is 130 after Ctrl-C, with a line that the operation goes on and how to wait again", async () => {
    const name = started({});
    const before = emulator.calls.length;
    const { kill, ended } = beginHere(["wait", name, "--interval", "50ms", ...at]);
    await emulatorCalls(before + 2);
    kill("SIGINT");
    const { status, stderr } = await ended;
    expect(status).toBe(130);
    expect(stderr).toContain("the operation goes on");
    expect(stderr).toContain(`longrunning wait ${name} --endpoint ${emulator.baseUrl} --interval 50ms`);
    expect(emulator.operations.find(name)?.cancelRequested).toBe(false);
  });
});

/** Resolves when so many calls have come. */
async function emulatorCalls(count: number): Promise<void> {
  while (emulator.calls.length < count) await new Promise((resolve) => setImmediate(resolve));
}

describe("the commands", () => {
  test("cancel says that it asked, and how to know more", async () => {
    const name = started({});
    const { stdout, stderr } = await runHere(["cancel", name, ...at]);
    expect(stdout).toBe(`requested  ${name}\n`);
    expect(stderr).toContain(`longrunning wait ${name}`);
  });

  test("list prints every page, and passes the filter on", async () => {
    const parent = "shelves/1/operations";
    const names = [1, 2, 3].map(() => emulator.operations.start({ parent, durationMs: 60_000 }));
    emulator.operations.start({ parent, durationMs: 0 });
    const list = ["list", parent, "--transport", "grpc", "--page-size", "1", "--filter", "done=false", ...at];
    const { stdout, status } = await runHere(list);
    expect(status).toBe(0);
    expect(stdout.trim().split("\n").sort()).toEqual(names.map((name) => `running    ${name}`).sort());
  });

  test("delete deletes, and reports which could not be", async () => {
    const name = emulator.operations.start({ durationMs: 0 });
    const { stdout, status } = await runHere(["delete", name, "operations/unknown", ...at]);
    expect(stdout.trim().split("\n").sort()).toEqual([
      `deleted    ${name}`,
      "error      operations/unknown  NOT_FOUND",
    ]);
    expect(status).toBe(69);
    expect(emulator.operations.find(name)?.deleted).toBe(true);
  });

  test("watch prints a line for every change where there is no terminal", async () => {
    const name = started({});
    const watch = beginHere(["watch", name, "--interval", "20ms", ...at]);
    await watch.said("running");
    emulator.operations.finish(name, { error: { code: 9 } });
    const { stdout } = await watch.ended;
    const states = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ", 1)[0]);
    expect(states).toEqual(["running", "failed"]);
  });

  test("run-report prints the name of the result last", async () => {
    const { stdout, status } = await runHere([
      "run-report",
      "networks/123/reports/789",
      "--interval",
      "50ms",
      ...at,
    ]);
    expect(status).toBe(0);
    expect(stdout.trim().split("\n").at(-1)).toBe("result     networks/123/reports/789/results/1");
  });

  test("describe shows the request, and sends nothing", async () => {
    const before = emulator.calls.length;
    const { stdout } = await runHere(["describe", "CancelOperation", `${RUNS}/1`]);
    expect(stdout).toMatch(
      /^POST https:\/\/admanager\.googleapis\.com\/v1\/networks\/123\/operations\/reports\/runs\/1:cancel/,
    );
    expect(emulator.calls.length).toBe(before);
  });
});

describe("the formats", () => {
  const unknown = { ...anyPack(StringValueSchema, create(StringValueSchema, { value: "x" })) };
  const odd = { durationMs: 0, response: { ...unknown, typeUrl: "type.googleapis.com/nobody.knows.This" } };

  test("json is one document: an object for one, an array for several", async () => {
    const name = started({ durationMs: 0 });
    const one = JSON.parse((await runHere(["get", name, "--format", "json", ...at])).stdout);
    expect(one).toMatchObject({ name, state: "succeeded", done: true });
    const several = JSON.parse((await runHere(["wait", name, name, "--format", "json", ...at])).stdout);
    expect(several).toEqual([one, one]);
    const none = await runHere([
      "list",
      "shelves/9/operations",
      "--transport",
      "grpc",
      "--format",
      "json",
      ...at,
    ]);
    expect(JSON.parse(none.stdout)).toEqual([]);
  });

  test("yaml says the same as json", async () => {
    const name = started(broken);
    const [json, yaml] = await Promise.all(
      ["json", "yaml"].map(
        async (format) => (await runHere(["wait", name, "--format", format, ...at])).stdout,
      ),
    );
    expect(parse(yaml ?? "")).toEqual(JSON.parse(json ?? ""));
  });

  test("ndjson is a document a line", async () => {
    const { stdout } = await runHere(["cancel", started({}), started({}), "--format", "ndjson", ...at]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).state),
    ).toEqual(["requested", "requested"]);
  });

  test("a type that nobody knows is printed as JSON all the same", async () => {
    const get = ["get", started(odd), "--transport", "grpc", "--format", "json", ...at];
    expect(JSON.parse((await runHere(get)).stdout).response).toEqual({
      "@type": "type.googleapis.com/nobody.knows.This",
      value: "CgF4",
    });
  });

  test("errors are JSON on standard error with --format json, and the data stays whole", async () => {
    const { stdout, stderr } = await runHere(["cancel", `${RUNS}/unknown`, "--format", "json", ...at]);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "NOT_FOUND", reason: "not-found", details: [] },
    });
    expect(JSON.parse(stdout)).toMatchObject([{ state: "error", error: { code: "NOT_FOUND" } }]);
  });

  test("there is colour when it is asked for, and none in a pipe or with NO_COLOR", async () => {
    const name = started({ durationMs: 0 });
    expect((await runHere(["wait", name, ...at])).stdout).not.toContain("\u001b");
    expect((await runHere(["wait", name, "--color", ...at])).stdout).toContain("\u001b[32m");
  });
});
