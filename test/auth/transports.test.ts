// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { Code, createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type GoogleAuthOptions, googleAuth } from "../../src/auth.js";
import { createGrpcJsTransport } from "../../src/grpc.js";
import { failureOf } from "./auth-fixture.js";
import { type GuardedServer, startGuardedServer, TRANSPORTS } from "./guarded-server.js";

let server: GuardedServer;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  server = await startGuardedServer();
});

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await server.close();
});

/** A client over the transport named. */
function clientOver(transportName: string, options: GoogleAuthOptions) {
  const open = TRANSPORTS[transportName]?.(server, [googleAuth(options)]);
  if (open === undefined) throw new Error(`no transport is called ${transportName}`);
  closers.push(open.close);
  return createClient(Operations, open.transport);
}

describe.each(Object.keys(TRANSPORTS))("over %s", (transport) => {
  test("a refused token is refreshed once, for all the calls that it was refused for", async () => {
    let current = 1;
    server.accepts = (authorization) => authorization === "Bearer planted-token-2";
    const client = clientOver(transport, {
      auth: ({ refresh }) => {
        if (refresh) current++;
        return `planted-token-${current}`;
      },
    });
    const calls = Array.from({ length: 16 }, (_, id) => client.getOperation({ name: `operations/${id}` }));
    const names = (await Promise.all(calls)).map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 16 }, (_, id) => `operations/${id}`));
    expect(current).toBe(2);
    expect(server.tokens).toHaveLength(32);
  });

  test("a token that stays refused is not in the error, even when the server repeats it", async () => {
    server.accepts = () => false;
    const token = "planted-token-of-the-test";
    const scopes = "https://www.googleapis.com/auth/admanager";
    const error = await failureOf(
      clientOver(transport, { token, scopes }).getOperation({ name: "operations/1" }),
    );
    expect(server.tokens).toEqual([`Bearer ${token}`]);
    expect(error).toMatchObject({ code: Code.Unauthenticated, requestSent: true, attempts: 1 });
    expect(error.message).toContain(
      "I was sent Bearer [redacted] (The credential was refused: an access token",
    );
    const printed = [
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(error),
      error.stack,
      inspect([...error.metadata]),
      inspect(error.cause, { depth: 20 }),
    ].join("\n");
    expect(printed).not.toContain(token);
  });
});

test.each(["example.com:443", "xds:///service", "unix:/run/socket"])(
  "a grpc-js channel to %s without TLS gets no token",
  async (address) => {
    let asked = 0;
    const auth = () => {
      asked++;
      return "token";
    };
    const transport = createGrpcJsTransport({
      address,
      credentials: credentials.createInsecure(),
      interceptors: [googleAuth({ auth })],
    });
    const error = await failureOf(createClient(Operations, transport).getOperation({ name: "operations/1" }));
    transport.close();
    expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    expect(asked).toBe(0);
  },
);
