// SPDX-License-Identifier: Apache-2.0
import { EventEmitter, once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { beginHere } from "./in-process.js";

const RUN = "networks/1/operations/reports/runs/2";
const OTHER = "networks/1/operations/reports/runs/3";
const REPORT = "networks/1/reports/4";

/** A server whose responses are the test's own: it emits each request as `GET /v1/...`, with its response. */
const requests = new EventEmitter();
const server = createServer((request, response) => {
  requests.emit(`${request.method} ${request.url}`, response.setHeader("content-type", "application/json"));
});
let at: string[];
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  at = ["--endpoint", `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
});
afterEach(() => {
  requests.removeAllListeners();
  server.closeAllConnections();
});
afterAll(() => server.close());

async function requested(request: string): Promise<ServerResponse> {
  const [response] = await once(requests, request);
  return response;
}

test("a cancel request without a response is neither cancelled nor an error, and may have been accepted", async () => {
  const both = [requested(`POST /v1/${RUN}:cancel`), requested(`POST /v1/${OTHER}:cancel`)];
  const cancel = beginHere(["cancel", RUN, OTHER, ...at]);
  await Promise.all(both);
  cancel.kill("SIGINT");
  const { status, stdout, stderr } = await cancel.ended;
  expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
  expect(stderr).toContain(`no response to cancel ${RUN}, ${OTHER}, which may have been carried out`);
  expect(stderr).toContain(`next: request it again: longrunning cancel ${RUN} ${OTHER} ${at.join(" ")}`);
});

test("in JSON, its name is in the message, and in no list of errors", async () => {
  const sent = requested(`POST /v1/${RUN}:cancel`);
  const cancel = beginHere(["cancel", RUN, "--format", "json", ...at]);
  await sent;
  cancel.kill("SIGTERM");
  const { status, stdout, stderr } = await cancel.ended;
  expect({ status, data: JSON.parse(stdout) }).toEqual({ status: 143, data: [] });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "INTERRUPTED", unconfirmed: [RUN] } });
});

test("a cancel that was accepted before the interrupt was requested, and its outcome is not known", async () => {
  const cancelSent = requested(`POST /v1/${RUN}:cancel`);
  const polled = requested(`GET /v1/${RUN}`);
  const cancel = beginHere(["cancel", RUN, "--wait", ...at]);
  (await cancelSent).end("{}");
  (await polled).end(JSON.stringify({ name: RUN }));
  await new Promise(setImmediate);
  cancel.kill("SIGINT");
  const { status, stdout, stderr } = await cancel.ended;
  expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
  expect(stderr).toContain(`cancellation requested, and the outcome is not known: ${RUN}`);
  expect(stderr).not.toContain("goes on");
  expect(stderr).toContain(`next: wait again: longrunning wait ${RUN} ${at.join(" ")}`);
});

test("what ended before the interrupt is reported as ever", async () => {
  const ended = requested(`POST /v1/${RUN}:cancel`);
  const held = requested(`POST /v1/${OTHER}:cancel`);
  const cancel = beginHere(["cancel", RUN, OTHER, ...at]);
  (await ended)
    .writeHead(404)
    .end(JSON.stringify({ error: { code: 404, message: "gone", status: "NOT_FOUND" } }));
  await cancel.said("NOT_FOUND");
  await held;
  cancel.kill("SIGINT");
  const { stdout, stderr } = await cancel.ended;
  expect(stdout).toBe(`error      ${RUN}  NOT_FOUND\n`);
  expect(stderr).toContain(`no response to cancel ${OTHER}, which`);
});

test("a delete without a response may have been carried out", async () => {
  const sent = requested("DELETE /v1/operations/1");
  const remove = beginHere(["delete", "operations/1", ...at]);
  await sent;
  remove.kill("SIGINT");
  const { status, stderr } = await remove.ended;
  expect(status).toBe(130);
  expect(stderr).toContain("no response to delete operations/1, which may have been carried out");
  expect(stderr).toContain("next: request it again: longrunning delete operations/1");
});

describe("a start that is interrupted", () => {
  test("waits for the run's name, by which the wait is taken up again", async () => {
    const sent = requested(`POST /v1/${REPORT}:run`);
    const start = beginHere(["run-report", REPORT, ...at]);
    const response = await sent;
    start.kill("SIGINT");
    await start.said("waiting for the name of the run; Ctrl-C again ends at once");
    response.end(JSON.stringify({ name: RUN }));
    const { status, stderr } = await start.ended;
    expect(status).toBe(130);
    expect(stderr).toContain("interrupted: the operation goes on");
    expect(stderr).toContain(`next: wait again: longrunning wait ${RUN}`);
  });

  test("is cancelled with --cancel-on-interrupt", async () => {
    const sent = requested(`POST /v1/${REPORT}:run`);
    const cancelSent = requested(`POST /v1/${RUN}:cancel`);
    const polled = requested(`GET /v1/${RUN}`);
    const start = beginHere(["run-report", REPORT, "--cancel-on-interrupt", ...at]);
    const response = await sent;
    start.kill("SIGINT");
    response.end(JSON.stringify({ name: RUN }));
    (await cancelSent).end("{}");
    (await polled).end(JSON.stringify({ name: RUN, done: true, error: { code: 1, message: "stopped" } }));
    expect((await start.ended).stderr).toContain(`interrupted: ${RUN}: cancelled`);
  });

  test("says that a run may have been started when the response is lost", async () => {
    const sent = requested(`POST /v1/${REPORT}:run`);
    const start = beginHere(["run-report", REPORT, ...at]);
    const response = await sent;
    start.kill("SIGINT");
    await start.said("waiting for the name of the run");
    response.destroy();
    const { status, stderr } = await start.ended;
    expect(status).toBe(130);
    expect(stderr).toContain(`no response to run-report ${REPORT}, which may have been carried out`);
    expect(stderr).not.toContain("next:");
  });

  test("sends nothing when the interrupt came first", async () => {
    const start = beginHere(["run-report", REPORT, ...at], { isInterrupted: true });
    const sent = requested(`POST /v1/${REPORT}:run`).then(() => "sent");
    const ended = start.ended.then(({ status, stderr }) => ({ status, stderr }));
    expect(await Promise.race([sent, ended])).toMatchObject({
      status: 130,
      stderr: expect.stringContaining("no operation was stopped"),
    });
  });

  test("ends at once with a second one", async () => {
    const sent = requested(`POST /v1/${REPORT}:run`);
    const start = beginHere(["run-report", REPORT, ...at]);
    const response = await sent;
    start.kill("SIGINT");
    expect(() => start.kill("SIGINT")).toThrow("ended at once, with 130");
    response.end(JSON.stringify({ name: RUN }));
    await start.ended;
  });
});

test("a cancel of several names suggests a wait for all of them", async () => {
  const both = [requested(`POST /v1/${RUN}:cancel`), requested(`POST /v1/${OTHER}:cancel`)];
  const cancel = beginHere(["cancel", RUN, OTHER, ...at]);
  for (const response of await Promise.all(both)) response.end("{}");
  const { status, stderr } = await cancel.ended;
  expect(status).toBe(0);
  expect(stderr).toContain(`longrunning wait ${RUN} ${OTHER} ${at.join(" ")}`);
});
