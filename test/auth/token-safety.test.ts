// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { GoogleAuth, Impersonated, JWT, OAuth2Client, UserRefreshClient } from "google-auth-library";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { DebugInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { type GoogleAuthOptions, googleAuth } from "../../src/auth.js";
import { createRestTransport } from "../../src/index.js";
import { createServer, failureOf } from "./auth-fixture.js";
import { createTokenEndpoints, inAnHour } from "./token-endpoints.js";

/** What no one but the server may see: distinct words, so that a part of one is found too. */
const MARKER = "plantedmarker";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** Everything that a program may print of an error, its hidden properties and what they lead to included. */
function printed(error: unknown): string {
  const parts = [
    inspect(error, { depth: 30, showHidden: true, getters: true }),
    JSON.stringify(error),
    String(error),
  ];
  for (let part = error; part instanceof Error; part = part.cause) {
    parts.push(
      part.message,
      part.stack ?? "",
      inspect(part, { depth: 30, showHidden: true, customInspect: false }),
    );
    if (part instanceof ConnectError)
      parts.push(inspect([...part.metadata]), inspect(part.details, { depth: 30 }));
  }
  return parts.join("\n");
}

/** What the console was given while a test ran. */
let shown: string[];
const console = ["stdout", "stderr"] as const;

beforeEach(() => {
  shown = [];
  for (const stream of console) {
    jest.spyOn(process[stream], "write").mockImplementation((chunk) => {
      shown.push(String(chunk));
      return true;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  expect(shown.join("")).not.toContain(MARKER);
});

/** Token endpoints that refuse, and repeat what they were sent, in the fields that clients read and as a whole. */
const echoing = (status: number) =>
  createTokenEndpoints(({ body, authorization }) => ({
    status,
    json: { error: `${body} ${authorization}`, error_description: `${MARKER} ${body}`, message: MARKER },
  })).fetch;

const failing: [string, () => GoogleAuthOptions][] = [
  [
    "a user's login that is refused",
    () => ({
      auth: new UserRefreshClient({
        clientId: `${MARKER}-id`,
        clientSecret: `${MARKER}-secret`,
        refreshToken: `${MARKER}-refresh`,
        transporterOptions: { fetchImplementation: echoing(400) },
      }),
    }),
  ],
  [
    "a user's login that needs a new one, which the library puts into the message",
    () => {
      const json = {
        error: "invalid_grant",
        error_description: `ReAuth ${MARKER}`,
        error_subtype: "invalid_rapt",
      };
      const { fetch } = createTokenEndpoints(() => ({ status: 400, json }));
      return {
        auth: new UserRefreshClient({
          refreshToken: `${MARKER}-refresh`,
          transporterOptions: { fetchImplementation: fetch },
        }),
      };
    },
  ],
  [
    "a service account's key that is refused",
    () => ({
      auth: new JWT({
        email: `${MARKER}@project.example`,
        key: privateKey,
        scopes: ["a"],
        transporterOptions: { fetchImplementation: echoing(401) },
      }),
    }),
  ],
  [
    "a service account's key that is broken",
    () => ({ auth: new JWT({ email: "a@b.example", key: `${MARKER}-key` }) }),
  ],
  [
    "an impersonation that is refused",
    () => {
      const sourceClient = new OAuth2Client({ transporterOptions: { fetchImplementation: echoing(403) } });
      sourceClient.setCredentials({ access_token: `${MARKER}-source`, expiry_date: inAnHour() });
      return {
        auth: new Impersonated({
          sourceClient,
          targetPrincipal: "robot@project.example",
          targetScopes: ["a"],
        }),
      };
    },
  ],
  [
    "a refresh handler that fails with the token in its words",
    () => {
      const auth = new OAuth2Client();
      auth.setCredentials({ access_token: `${MARKER}-old`, expiry_date: 1 });
      auth.refreshHandler = () => Promise.reject(new Error(`cannot refresh ${MARKER}-old`));
      return { auth };
    },
  ],
  [
    "a finder without a file",
    () => ({ auth: new GoogleAuth({ keyFilename: "/nowhere.json", projectId: "p" }) }),
  ],
  ["a function that answers what no header takes", () => ({ auth: () => `${MARKER}\n` })],
  ["a function that answers something else", () => ({ auth: async () => ({ token: MARKER }) as never })],
  [
    "headers that no request takes",
    () => ({ auth: { getRequestHeaders: async () => ({ authorization: `${MARKER}\r\nx: y` }) } }),
  ],
  [
    "an error with the request and the answer in it",
    () => ({
      auth: () =>
        Promise.reject(
          Object.assign(new Error(MARKER, { cause: MARKER }), {
            config: { url: `https://tokens.example/${MARKER}?${MARKER}`, headers: { authorization: MARKER } },
            response: { status: 418, data: MARKER, headers: { "set-cookie": MARKER } },
          }),
        ),
    }),
  ],
];

test.each(failing)("%s: nothing of it is in the error or on the console", async (_, options) => {
  const server = createServer();
  const error = await failureOf(server.client(googleAuth(options())).getOperation({ name: "operations/1" }));
  expect(error.requestSent).toBe(false);
  expect(server.calls).toHaveLength(0);
  expect(printed(error)).not.toContain(MARKER);
});

const sent: [string, GoogleAuthOptions][] = [
  ["a token", { token: `${MARKER}-token` }],
  ["an API key", { apiKey: `${MARKER}-key` }],
  ["a function's token", { auth: () => `${MARKER}-function` }],
  [
    "an object's headers",
    { auth: { getRequestHeaders: async () => ({ Authorization: `Bearer ${MARKER}-object` }) } },
  ],
];

describe.each(sent)("a server that repeats %s", (_, options) => {
  const codes = [
    Code.Unauthenticated,
    Code.PermissionDenied,
    Code.InvalidArgument,
    Code.Internal,
    Code.Unavailable,
  ];

  test.each(codes)("with code %s: nothing of it is in the error", async (code) => {
    const server = createServer((headers) => {
      const echo = `${headers.get("authorization")} ${headers.get("x-goog-api-key")}`;
      const error = new ConnectError(`you sent ${echo}`, code, { "x-echo": echo, "x-other": "kept" });
      const detail = create(DebugInfoSchema, { detail: echo, stackEntries: [echo] });
      error.details.push({ desc: DebugInfoSchema, value: detail });
      throw error;
    });
    const error = await failureOf(server.client(googleAuth(options)).getOperation({ name: "operations/1" }));
    expect(printed(error)).not.toContain(MARKER);
    expect(error.code).toBe(code);
    expect(error.message).toContain("you sent");
    expect(error.metadata.get("x-other")).toBe("kept");
  });
});

test("a redirect takes no credential anywhere", async () => {
  const seen: (string | undefined)[] = [];
  const thief = createHttpServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end("{}");
  });
  await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
  const location = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/v1/operations/1`;
  const honest = createHttpServer((_, response) => response.writeHead(307, { location }).end());
  await new Promise<void>((resolve) => honest.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(honest.address() as AddressInfo).port}`;
  const transport = createRestTransport({ baseUrl, interceptors: [googleAuth({ token: MARKER })] });
  const error = await failureOf(createClient(Operations, transport).getOperation({ name: "operations/1" }));
  await transport.close();
  for (const server of [thief, honest]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  expect(seen).toEqual([]);
  expect(printed(error)).not.toContain(MARKER);
});

test("nothing that a program holds prints a credential", () => {
  const interceptor = googleAuth({ token: MARKER });
  const transport = createRestTransport({ baseUrl: "https://a.example", interceptors: [interceptor] });
  const client = createClient(Operations, transport);
  for (const thing of [interceptor, transport, client]) {
    expect(`${inspect(thing, { depth: 30, showHidden: true })} ${JSON.stringify(thing)}`).not.toContain(
      MARKER,
    );
  }
  return transport.close();
});
