// SPDX-License-Identifier: Apache-2.0
import { startEmulator } from "../../src/emulator.js";

type Send = (verb: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;

async function withControl(run: (send: Send) => Promise<void>): Promise<void> {
  await using emulator = await startEmulator();
  await run(async (verb, path, body) => {
    const response = await fetch(`${emulator.baseUrl}/emulator/v1${path}`, {
      method: verb,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    return { status: response.status, text: await response.text() };
  });
}

const TYPE = "type.googleapis.com/google.protobuf.Empty";
test.each([
  [{ name: 5 }, "body.name: expected a name"],
  [{ parent: 5, id: "6" }, "body.parent: invalid value (got 5"],
  [{ parent: "operations", id: 6 }, "body.id: invalid value (got 6"],
  [{ parent: "", id: "6" }, 'body.parent: invalid value (got \\"\\"'],
  [{ name: "operations/1", id: "2" }, "body: has a name, and a parent or an id (expected either)"],
  [{ name: "operations/1", parent: "operations" }, "(expected either)"],
  [{ name: "operations/1", session: 5 }, "body.session: expected text"],
  [{ name: "operations/1", session: "" }, "body.session: expected text"],
  [{ name: "operations/1", metadata: [{ after: "1s" }] }, "body.metadata[0].metadata: expected a message"],
  [{ name: "operations/1", error: { code: 404 } }, "body.error.code: invalid value (got 404"],
  [{ name: "operations/1", error: { code: 17 } }, "body.error.code: invalid value (got 17"],
])("the operation %j is rejected, and none is started", (body, message) =>
  withControl(async (send) => {
    const started = await send("POST", "/operations", body);
    expect(started).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    expect((await send("GET", "/operations")).text).toContain('"totalSize":0');
  }),
);

test("a metadata step without a time applies from the start", () =>
  withControl(async (send) => {
    const started = await send("POST", "/operations", { metadata: [{ metadata: { "@type": TYPE } }] });
    expect(started).toMatchObject({ status: 200, text: expect.stringContaining(TYPE) });
  }));

test("a rejected fault takes no id", () =>
  withControl(async (send) => {
    expect((await send("POST", "/faults", { kind: "page", status: 500 })).status).toBe(400);
    expect((await send("POST", "/faults", { kind: "goaway" })).text).toBe('{"id":"1"}');
  }));

test("an operation in the place of a removed one is not in that one's session", () =>
  withControl(async (send) => {
    await send("POST", "/operations", { name: "operations/1", session: "a" });
    await send("DELETE", "/operations/operations/1");
    await send("POST", "/operations", { name: "operations/1" });
    await send("POST", ":reset", { session: "a" });
    expect((await send("GET", "/operations/operations/1")).status).toBe(200);
    expect((await send("GET", "/operations?session=a")).text).toContain('"totalSize":0');
  }));

test.each(
  ["/openapi.json", "/calls:stream", "/events"].flatMap((path) =>
    ["POST", "DELETE", "PUT", "PATCH"].map((verb) => [verb, path] as const),
  ),
)("%s %s is 405, and names what there is", async (verb, path) => {
  await using emulator = await startEmulator();
  const response = await fetch(`${emulator.baseUrl}/emulator/v1${path}`, { method: verb });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  expect(await response.text()).toContain(`no such method at ${path} (got ${verb}; expected GET)`);
});
