// SPDX-License-Identifier: Apache-2.0
import { startEmulator } from "../../src/emulator.js";
import { createOperationsClient, createRestTransport, operationsHttpRules } from "../../src/index.js";
import { Builds } from "./builds-service.js";

const get = async (url: string) => {
  const response = await fetch(url);
  const { error } = (await response.json()) as { error?: { message: string } };
  return [response.status, error?.message];
};

test.each([{ prefix: "/v1" }, { prefix: "/v2beta" }, { prefix: "" }])(
  "a client and an emulator with the rules of %j understand each other, WaitOperation included",
  async (options) => {
    const httpRules = operationsHttpRules(options);
    await using emulator = await startEmulator({ httpRules });
    const transport = createRestTransport({ baseUrl: emulator.baseUrl, httpRules });
    const client = createOperationsClient({ transport });
    for (const parent of ["operations", "projects/p/operations", "projects/p/jobs"]) {
      const name = emulator.operations.start({ parent, durationMs: 0 });
      expect(await client.waitOperation(name, { timeoutMs: 1_000 })).toMatchObject({ name, done: true });
      expect(await client.getOperation(name)).toMatchObject({ name });
      await client.cancelOperation(name);
      await client.deleteOperation(name);
    }
    await transport.close();
  },
);

test("a body-less Wait of a given rule wins over the built-in one, and leaves that for others", async () => {
  const get = operationsHttpRules({ prefix: "/v1" }).filter(
    ({ selector }) => selector.endsWith("Wait") === false,
  );
  await using emulator = await startEmulator({ httpRules: get });
  const name = emulator.operations.start({ durationMs: 0 });
  const response = await fetch(`${emulator.baseUrl}/v1/${name}:wait?timeout=1s`, { method: "POST" });
  expect(response.status).toBe(200);
});

test.each(["projects/p/locations", "projects/p", "networks/1/companies/2", "x"])(
  "a path that nothing serves is called that, whatever rules for names there are: %s",
  async (path) => {
    await using emulator = await startEmulator({ httpRules: operationsHttpRules({ prefix: "/v1" }) });
    const [status, message] = await get(`${emulator.baseUrl}/v1/${path}`);
    expect(status).toBe(404);
    expect(message).toContain(`nothing is served at GET /v1/${path}`);
    expect(message).toContain("serve()");
  },
);

test("an unknown operation is called that", async () => {
  await using emulator = await startEmulator({ httpRules: operationsHttpRules({ prefix: "/v1" }) });
  expect(await get(`${emulator.baseUrl}/v1/projects/p/operations/1`)).toEqual([
    404,
    'Operation "projects/p/operations/1" was not found.',
  ]);
});

test.each(["/v1/projects/p/operations/1", "/v2/operations/1", "/v1", `/${"x".repeat(5_000)}`])(
  "without rules for it, %.40s says how to serve it",
  async (path) => {
    await using emulator = await startEmulator();
    const [status, message] = await get(emulator.baseUrl + path);
    expect(status).toBe(404);
    expect(message).toContain("operationsHttpRules(");
    expect(message).toContain("--http-prefix");
    expect(message).toContain('--api spanner, or httpRules: httpRulesOf("spanner")');
    expect(String(message).length).toBeLessThan(500);
  },
);

test("a rule for any name takes no path from a service", async () => {
  await using emulator = await startEmulator({ httpRules: operationsHttpRules({ prefix: "/v1" }) });
  emulator.serve(Builds, {
    async *logs() {
      yield { text: "1" };
    },
  } as never); // the types of a service known only at run time: none
  const response = await fetch(`${emulator.baseUrl}/v1/projects/p/builds/1/logs`);
  expect(await response.json()).toEqual([{ text: "1" }]);
});
