// SPDX-License-Identifier: Apache-2.0
import { Client, credentials } from "@grpc/grpc-js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { closedAfterTest } from "./grpc-peers.js";

const baseUrl = "https://longrunning.googleapis.com";

/** Refused at construction, by name and value: options as somebody without types may write them. */
const rejected: [options: object, message: string | RegExp][] = [
  [{ baseUrl, interceptor: [] }, /unknown option "interceptor" \(expected baseUrl, interceptors,/],
  [{ baseUrl: "" }, /^baseUrl: is empty/],
  [{}, /^baseUrl: is not a string/],
  [{ baseUrl: "longrunning.googleapis.com" }, /^baseUrl: does not begin with https/],
  [{ baseUrl: "https://u:p@longrunning.googleapis.com" }, /^baseUrl: has credentials/],
  [{ baseUrl: "http://longrunning.googleapis.com" }, /^baseUrl: plain http .*allowInsecure/],
  [
    { baseUrl: `${baseUrl}/v1` },
    "baseUrl: has a path (got /v1; expected none, since gRPC has no place for it)",
  ],
  [{ baseUrl, allowInsecure: 1 }, "allowInsecure: invalid value (got 1; expected true or false)"],
  [{ baseUrl, defaultTimeoutMs: 0 }, "defaultTimeoutMs: invalid value (got 0; expected a number above 0)"],
  [
    { baseUrl, defaultTimeoutMs: "5s" },
    'defaultTimeoutMs: invalid value (got "5s"; expected a number above 0)',
  ],
  [{ baseUrl, maxResponseBytes: -1 }, "maxResponseBytes: invalid value (got -1; expected a number above 0)"],
  [
    { baseUrl, maxResponseBytes: Number.NaN },
    "maxResponseBytes: invalid value (got NaN; expected a number above 0)",
  ],
  [{ baseUrl, pingIntervalMs: 0 }, "pingIntervalMs: invalid value (got 0; expected a number above 0)"],
  [
    { baseUrl, pingTimeoutMs: null },
    /pingTimeoutMs: invalid value \(got null; expected undefined for the default\)/,
  ],
  [
    { baseUrl, pingIdleConnection: "yes" },
    'pingIdleConnection: invalid value (got "yes"; expected true or false)',
  ],
  [
    { baseUrl, idleConnectionTimeoutMs: -5 },
    "idleConnectionTimeoutMs: invalid value (got -5; expected a number above 0)",
  ],
  [
    { baseUrl, interceptors: () => undefined },
    "interceptors: invalid value (expected an array of functions)",
  ],
  [{ baseUrl, interceptors: [{}] }, "interceptors: invalid value (expected an array of functions)"],
  [{ baseUrl, interceptors: new Array(1) }, "interceptors: invalid value (expected an array of functions)"],
  [{ baseUrl, tls: "ca.pem" }, 'tls: options: invalid value (got "ca.pem"; expected an object)'],
  [{ baseUrl, tls: [] }, "tls: options: invalid value (got an array; expected an object)"],
  [{ baseUrl, tls: { rejectUnauthorised: false } }, /^tls: unknown option "rejectUnauthorised"/],
  [{ baseUrl, tls: { rejectUnauthorized: "false" } }, /^tls.rejectUnauthorized: invalid value \(got "false"/],
  [{ baseUrl, tls: { servername: 5 } }, "tls.servername: invalid value (expected text)"],
  [
    { baseUrl, tls: { key: "not PEM", cert: "not PEM" } },
    /^tls: rejected by node:tls \(got ERR_\w+; expected/,
  ],
  [{ baseUrl: "http://localhost:1", tls: {} }, "tls: given, but baseUrl is http: (expected https:)"],
  [
    { baseUrl, tls: { host: "elsewhere" } },
    /^tls: unknown option "host" \(expected allowPartialTrustChain, ca,/,
  ],
  [{ baseUrl, tls: { socket: {} } }, /^tls: unknown option "socket"/],
];

test.each(rejected)("createGrpcTransport rejects %j", (options, message) => {
  expectRefusal(() => createGrpcTransport(options as never), message);
});

const client = new Client("localhost:1", credentials.createInsecure());
afterAll(() => client.close());

const stub = { makeUnaryRequest: () => undefined, makeServerStreamRequest: () => undefined };

const rejectedForChannels: [title: string, options: object, message: string | RegExp][] = [
  [
    "an unknown option",
    { address: "localhost:1", baseUrl },
    /unknown option "baseUrl" \(expected client, address,/,
  ],
  [
    "neither client nor address",
    {},
    "address: invalid value (got undefined; expected a target such as host:port, or a client)",
  ],
  [
    "an empty address",
    { address: "" },
    'address: invalid value (got ""; expected a target such as host:port, or a client)',
  ],
  ["a client that is none", { client: {} }, "client: not a Client of @grpc/grpc-js"],
  ["no client", { client: null }, /client: invalid value \(got null;/],
  [
    "a client without a target",
    { client: { ...stub, getChannel: () => ({ getTarget: () => undefined }) } },
    "client: has a channel without a target",
  ],
  [
    "a URL for an address",
    { address: "https://a.example" },
    /^address: invalid value \(got "https:\/\/a.example"; expected a target/,
  ],
  ["an address with a blank", { address: "a.example :443" }, /^address: invalid value/],
  [
    "a plain object for credentials",
    { address: "a:1", credentials: {} },
    "credentials: not ChannelCredentials of @grpc/grpc-js",
  ],
  [
    "a list of channel options",
    { address: "a:1", channelOptions: [] },
    "channelOptions: invalid value (got an array; expected an object)",
  ],
  [
    "client and address",
    { client, address: "localhost:1" },
    "address: given together with client (expected one or the other)",
  ],
  [
    "client and a limit",
    { client, maxResponseBytes: 1 },
    "maxResponseBytes: given together with client (expected one or the other)",
  ],
  [
    "credentials that are none",
    { address: "localhost:1", credentials: "insecure" },
    "credentials: not ChannelCredentials of @grpc/grpc-js",
  ],
  [
    "channel options that are none",
    { address: "localhost:1", channelOptions: 5 },
    "channelOptions: invalid value (got 5; expected an object)",
  ],
  [
    "secure: false without credentials",
    { address: "localhost:1", secure: false },
    "secure: false without credentials, which means TLS (expected insecure credentials)",
  ],
  [
    "a timeout out of range",
    { address: "localhost:1", defaultTimeoutMs: -1 },
    "defaultTimeoutMs: invalid value (got -1; expected a number above 0)",
  ],
];

test.each(rejectedForChannels)("createGrpcJsTransport rejects %s", (_title, options, message) => {
  expectRefusal(() => createGrpcJsTransport(options as never), message);
});

test.each([undefined, null, "https://longrunning.googleapis.com"])(
  "both refuse %j in place of options",
  (options) => {
    expectRefusal(() => createGrpcTransport(options as never), /options: invalid value/);
    expectRefusal(() => createGrpcJsTransport(options as never), /options: invalid value/);
  },
);

test("takes every option at its limits, and changes none", () => {
  const options = Object.freeze({
    baseUrl: "https://longrunning.googleapis.com:443/",
    interceptors: Object.freeze([]),
    defaultTimeoutMs: Number.POSITIVE_INFINITY,
    maxResponseBytes: 1,
    allowInsecure: false,
    tls: Object.freeze({ ca: "pem", servername: "other.test" }),
    pingIntervalMs: 10,
    pingTimeoutMs: 10,
    pingIdleConnection: true,
    idleConnectionTimeoutMs: Number.POSITIVE_INFINITY,
  });
  closedAfterTest(createGrpcTransport(options));
  closedAfterTest(createGrpcTransport({ baseUrl: "http://example.test", allowInsecure: true }));
  closedAfterTest(
    createGrpcTransport({ baseUrl: "http://[::1]:8080", interceptors: undefined, tls: undefined }),
  );
});

function expectRefusal(create: () => unknown, message: string | RegExp): void {
  let error: unknown;
  try {
    create();
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof TypeError)) throw new Error("no TypeError", { cause: error });
  if (typeof message === "string") expect(error.message).toBe(message);
  else expect(error.message).toMatch(message);
}
