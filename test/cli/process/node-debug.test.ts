// SPDX-License-Identifier: Apache-2.0
import { startHttpServer } from "../../transport/raw-server.js";
import { run } from "../command.js";

const ANY = { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" };

test("NODE_DEBUG=longrunning writes the same lines in a process", async () => {
  const responses = [503, false, true];
  const { baseUrl } = await startHttpServer((_, response) => {
    const next = responses.shift();
    response.writeHead(next === 503 ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(next === 503 ? {} : { name: "operations/debug", done: next, response: ANY }));
  });
  const env = { NODE_DEBUG: "longrunning", LONGRUNNING_TOKEN: "planted-token-of-the-process" };
  const args = ["wait", "operations/debug", "--interval", "10ms", "--api", "generic", "--endpoint", baseUrl];
  const { status, stderr } = await run(args, { env });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  for (const line of [
    /^LONGRUNNING \d+: GET http:\S+\/debug: UNAVAILABLE \(HTTP 503\) after \d+ ms$/m,
    /^LONGRUNNING \d+: GetOperation \S+\/debug: attempt 1 UNAVAILABLE .*; next attempt in \d+ ms \(backoff\)$/m,
    /^LONGRUNNING \d+: GET http:\S+\/debug: OK after \d+ ms$/m,
    /^LONGRUNNING \d+: \S+\/debug: poll 1 running after \d+ ms; next poll in \d+ ms \(backoff\)$/m,
    /^LONGRUNNING \d+: \S+\/debug: wait ended, succeeded, after \d+ ms, polls: 2$/m,
  ])
    expect(stderr).toMatch(line);
  expect(stderr).not.toContain("planted");
});
