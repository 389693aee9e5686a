// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync } from "node:child_process";
import { get } from "node:http";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator.js";
import { createOpenApiCheck } from "./openapi-check.js";
import { rawRequest } from "./raw-request.js";

const TYPE = "type.googleapis.com/";
const GET = "google.longrunning.Operations.GetOperation";
const STRUCT = { "@type": `${TYPE}google.protobuf.Struct`, value: { rows: 3 } };

const hasCurl = (() => {
  try {
    execFileSync("curl", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

type Send = (verb: string, path: string, body?: unknown) => Promise<{ status: number; body: Json }>;
type Json = Record<string, unknown>;

/** Sends requests, by curl where it is there, and checks both directions against the document that is served. */
async function controlOf(emulator: Emulator): Promise<Send> {
  const document = await (await fetch(`${emulator.baseUrl}/emulator/v1/openapi.json`)).json();
  const check = createOpenApiCheck(document as Json);
  return async (verb, path, body) => {
    const url = `${emulator.baseUrl}/emulator/v1${path}`;
    const { pathname } = new URL(url);
    const response = await (hasCurl ? byCurl : byFetch)(verb, url, body);
    if (response.status === 200) expect(check.request(verb, pathname, body ?? {})).toEqual([]);
    if (response.status !== 404 || !pathname.includes("nosuch")) {
      expect(check.response(verb, pathname, response)).toEqual([]);
    }
    return response;
  };
}

async function byCurl(verb: string, url: string, body: unknown) {
  const data = body === undefined ? [] : ["-d", JSON.stringify(body)];
  const args = ["-s", "-g", "-X", verb, "-w", "\n%{http_code}", ...data, url];
  const { stdout } = await promisify(execFile)("curl", args, { encoding: "utf8" });
  const at = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) as Json };
}

async function byFetch(verb: string, url: string, body: unknown) {
  const response = await fetch(url, {
    method: verb,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

async function withControl(
  run: (send: Send, emulator: Emulator) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  await using emulator = await startEmulator(options);
  await run(await controlOf(emulator), emulator);
}

const client = async (emulator: Emulator, name: string, session?: string) => {
  const headers: Record<string, string> = session === undefined ? {} : { "x-emulator-session": session };
  const response = await fetch(`${emulator.baseUrl}/v1/${name}`, { headers });
  return { status: response.status, body: (await response.json()) as Json };
};

test("an operation is started, watched, moved on and finished", () =>
  withControl(async (send, emulator) => {
    const script = { name: "operations/1", duration: "never", metadata: STRUCT };
    expect(await send("POST", "/operations", script)).toMatchObject({
      status: 200,
      body: { name: "operations/1", state: "running", operation: { name: "operations/1", metadata: STRUCT } },
    });
    const metadata = { ...STRUCT, value: { rows: 9 } };
    await send("POST", "/operations/operations/1:progress", { metadata });
    expect((await client(emulator, "operations/1")).body).toEqual({ name: "operations/1", metadata });
    await send("POST", "/operations/operations/1:finish", { response: STRUCT });
    expect((await client(emulator, "operations/1")).body).toMatchObject({ done: true, response: STRUCT });
    expect((await send("GET", "/operations/operations/1")).body).toMatchObject({ state: "succeeded" });
  }));

test("an operation fails, is cancelled, is removed", () =>
  withControl(async (send, emulator) => {
    for (const id of ["1", "2", "3"])
      await send("POST", "/operations", { id, duration: "never", "cancel-delay": "0s" });
    const details = [{ "@type": `${TYPE}google.rpc.ErrorInfo`, reason: "R" }];
    await send("POST", "/operations/operations/1:fail", { code: "DATA_LOSS", message: "Lost.", details });
    await send("POST", "/operations/operations/2:cancel");
    await send("DELETE", "/operations/operations/3");
    const { body } = await send("GET", "/operations");
    expect(body).toMatchObject({
      totalSize: 2,
      operations: [
        { name: "operations/2", state: "cancelled", cancelRequested: true },
        { name: "operations/1", state: "failed", operation: { error: { code: 15, details } } },
      ],
    });
    expect((await client(emulator, "operations/3")).status).toBe(404);
  }));

test("an operation that outlives the last date has no end", () =>
  withControl(async (send) => {
    await send("POST", "/operations", { id: "1", duration: "99999999999d" });
    expect((await send("GET", "/operations")).body.operations).toEqual([
      expect.not.objectContaining({ endTime: expect.anything() }),
    ]);
  }));

test("the percentage of a run is set", () =>
  withControl(async (send, emulator) => {
    const name = "networks/1/operations/reports/runs/2";
    await send("POST", "/operations", { name, duration: "never" });
    await send("POST", `/operations/${name}:progress`, { percent: 42 });
    expect((await client(emulator, name)).body).toMatchObject({ metadata: { percentComplete: 42 } });
  }));

test("faults are switched on and off, one by one and all", () =>
  withControl(async (send, emulator) => {
    const name = emulator.operations.start();
    const first = await send("POST", "/faults", {
      kind: "error",
      method: GET,
      code: "UNAVAILABLE",
      times: 1,
    });
    expect((await client(emulator, name)).status).toBe(503);
    expect((await client(emulator, name)).status).toBe(200);
    const second = await send("POST", "/faults", {
      kind: "page",
      status: 502,
      body: "<p>",
      parent: "operations",
    });
    expect((await fetch(`${emulator.baseUrl}/v1/${name}`)).status).toBe(502);
    expect((await send("GET", "/faults")).body.faults).toMatchObject([
      { id: first.body.id },
      { id: second.body.id },
    ]);
    await send("DELETE", `/faults/${second.body.id}`);
    expect((await client(emulator, name)).status).toBe(200);
    await send("POST", "/faults", { kind: "error", code: "INTERNAL" });
    await send("DELETE", "/faults");
    expect((await client(emulator, name)).status).toBe(200);
    expect((await send("DELETE", "/faults/99")).status).toBe(404);
  }));

test("time is moved, so that nothing sleeps", () =>
  withControl(async (send, emulator) => {
    const name = emulator.operations.start({ durationMs: 3_600_000 });
    const before = await send("GET", "/clock");
    const wait = fetch(`${emulator.baseUrl}/v1/${name}:wait`, { method: "POST" });
    while (emulator.calls.length < 1) await new Promise(setImmediate);
    const after = await send("POST", "/clock:advance", { duration: "1h" });
    expect(Date.parse(String(after.body.time)) - Date.parse(String(before.body.time))).toBeGreaterThanOrEqual(
      3_600_000,
    );
    expect(await (await wait).json()).toMatchObject({ name, done: true });
  }));

test("calls are listed since one, of a session, of a parent", () =>
  withControl(async (send, emulator) => {
    emulator.operations.start({ id: "1" });
    await client(emulator, "operations/1", "a");
    await client(emulator, "operations/2", "b");
    const calls = async (query: string) =>
      ((await send("GET", `/calls${query}`)).body.calls as Json[]).map(({ sequence, status }) => [
        sequence,
        status,
      ]);
    expect(await calls("")).toEqual([
      [1, "OK"],
      [2, "NOT_FOUND"],
    ]);
    expect(await calls("?since=1")).toEqual([[2, "NOT_FOUND"]]);
    expect(await calls("?session=a")).toEqual([[1, "OK"]]);
    expect(await calls("?parent=operations/2")).toEqual([[2, "NOT_FOUND"]]);
    expect((await send("GET", "/calls?since=x")).status).toBe(400);
  }));

test("calls stream as they end, and go on after the last one that was seen", async () => {
  await using emulator = await startEmulator({ closeGraceMs: 0 });
  const read = (lastEventId: string | undefined, count: number) =>
    new Promise<string[]>((resolve) => {
      const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
      const request = get(`${emulator.baseUrl}/emulator/v1/calls:stream`, { headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          if (text === "") void client(emulator, "operations/1");
          text += chunk;
          const ids = [...text.matchAll(/^id: (\d+)\ndata: \{"sequence":\1,.*"status":"NOT_FOUND".*\}\n$/gm)];
          if (ids.length < count) return;
          request.destroy();
          resolve(ids.map(([, id]) => String(id)));
        });
      });
      request.on("error", () => undefined);
    });
  expect(await read(undefined, 1)).toEqual(["1"]);
  expect(await read("0", 2)).toEqual(["1", "2"]);
});

test("tests side by side do not meet: sessions and parents", () =>
  withControl(async (send, emulator) => {
    for (const session of ["a", "b"]) {
      await send("POST", "/operations", { parent: `projects/${session}/operations`, id: "1", session });
    }
    await send("POST", "/faults", { kind: "error", code: "ABORTED", session: "a" });
    expect((await client(emulator, "operations/9", "a")).status).toBe(409);
    expect((await client(emulator, "operations/9", "b")).status).toBe(404);
    await send("POST", ":reset", { session: "a" });
    expect((await client(emulator, "operations/9", "a")).status).toBe(404);
    expect((await send("GET", "/operations?session=b")).body.totalSize).toBe(1);
    expect((await send("GET", "/operations")).body.totalSize).toBe(1);
    expect(emulator.calls.map(({ headers }) => headers["x-emulator-session"])).toEqual(["b", "a"]);
    await send("POST", ":reset", { parent: "projects/b" });
    expect((await send("GET", "/operations")).body.totalSize).toBe(0);
    await send("POST", ":reset", {});
    expect(emulator.calls).toEqual([]);
  }));

test.each<[string, string, unknown, number, string]>([
  ["POST", "/operations", { duraton: "1s" }, 400, 'body: unknown key "duraton"'],
  ["POST", "/operations", { name: "a/../b" }, 400, "dot segment"],
  ["POST", "/operations", [], 400, "body: expected a mapping"],
  ["POST", "/operations/operations/none:finish", {}, 404, "was not found"],
  ["POST", "/operations/operations/1:finish", { response: {} }, 400, "body.response"],
  ["POST", "/operations/operations/1:fail", { code: 0 }, 400, "body.code"],
  ["POST", "/operations/operations/1:progress", { percent: 101 }, 400, "body.percent"],
  ["GET", "/operations/operations/none", undefined, 404, "does not exist"],
  ["POST", "/faults", { kind: "explode" }, 400, 'kind: invalid value (got "explode"'],
  ["POST", "/clock:advance", { duration: "never" }, 400, "body.duration"],
  ["POST", "/clock:advance", {}, 400, "body.duration"],
  ["POST", "/clock:advance", { duration: "99999999999d" }, 400, "body.duration"],
  ["POST", ":reset", { session: "" }, 400, "body.session"],
  ["DELETE", "/clock", undefined, 405, "got DELETE; expected GET, POST :advance)"],
  ["POST", "/calls", {}, 405, "no such method at /calls (got POST; expected GET)"],
  [
    "POST",
    "/operations/operations/1:end",
    {},
    405,
    "expected GET, DELETE, POST :finish, POST :fail, POST :progress, POST :cancel)",
  ],
  ["PUT", "/faults/1", {}, 405, "expected DELETE)"],
  ["GET", ":reset", undefined, 405, "expected POST)"],
  ["GET", "/nosuch", undefined, 404, "openapi.json"],
])("%s %s with %j is %i: %s", (verb, path, body, status, message) =>
  withControl(async (_, emulator) => {
    emulator.operations.start({ id: "1" });
    const url = `${emulator.baseUrl}/emulator/v1${path}`;
    const response = await byFetch(verb, url, body);
    expect(response.status).toBe(status);
    expect((response.body as { error: { message: string } }).error.message).toContain(message);
    expect(emulator.calls).toEqual([]);
  }),
);

test("pages of other origins may not control it, allowed ones neither; its own may", async () => {
  await using emulator = await startEmulator({ allowOrigins: ["https://app.example"] });
  const status = async (origin: string) => {
    const lines = ["POST /emulator/v1:reset HTTP/1.1", `origin: ${origin}`, "content-length: 0"];
    return (await rawRequest(emulator.port, lines)).status;
  };
  expect(await status("https://evil.example")).toBe(403);
  expect(await status("https://app.example")).toBe(403);
  expect(await status("http://localhost:3000")).toBe(403);
  expect(await status("http://localhost")).toBe(200); // the Host of the request
});

test("with a token, who has it may control the emulator, and nobody else", async () => {
  await using emulator = await startEmulator({ controlToken: "s3cret" });
  const status = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    return (await fetch(`${emulator.baseUrl}/emulator/v1/operations`, { headers })).status;
  };
  expect([await status(), await status("Bearer s3cre"), await status("Bearer s3cret")]).toEqual([
    401, 401, 200,
  ]);
  await expect(startEmulator({ controlToken: "" })).rejects.toThrow("controlToken");
  await expect(startEmulator({ controlToken: "a b" })).rejects.toThrow("controlToken");
});

test("from beyond this machine it takes a token", async () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)?.address;
  if (address === undefined) return; // a machine without a network: nothing can come from beyond it
  await using open = await startEmulator({ host: "0.0.0.0" });
  expect((await fetch(`http://${address}:${open.port}/emulator/v1/operations`)).status).toBe(403);
  expect((await fetch(`http://${address}:${open.port}/v1/operations`)).status).toBe(200);
});

test("GET / says what this is", async () => {
  await using emulator = await startEmulator();
  expect(await (await fetch(emulator.baseUrl)).json()).toMatchObject({
    service: "longrunning emulator",
    control: "/emulator/v1/openapi.json",
  });
});
