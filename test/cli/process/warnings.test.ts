// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "../../security/certificates.js";
import { run } from "../command.js";

const NAME = "networks/123/operations/reports/runs/456";

test("Node's warning that TLS is not checked is shown, and others are not", async () => {
  const certificate = makeCertificate({ name: "server", dnsNames: ["localhost"] });
  const server = createServer(certificate, (_, response) => response.end(JSON.stringify({ name: NAME })));
  server.on("tlsClientError", () => undefined);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const get = ["get", NAME, "--no-auth", "--retry", "0", "--endpoint", `https://localhost:${port}`];
  const { status, stderr } = await run(get, { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^warning: .*NODE_TLS_REJECT_UNAUTHORIZED.*insecure.*\n$/),
  });
  const none = await run(get, { env: { NODE_EXTRA_CA_CERTS: "/none.pem" } });
  expect(none.stderr).toMatch(/^warning: .*extra certs.*\n/i);
  server.close();
});
