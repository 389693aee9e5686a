// SPDX-License-Identifier: Apache-2.0
import {
  Code,
  ConnectError,
  type Interceptor,
  type StreamRequest,
  type UnaryRequest,
} from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { authInterceptor } from "../../src/auth/interceptor.js";
import type { AuthOptions } from "../../src/auth/options.js";
import type { TokenRequest } from "../../src/auth.js";
import { withLoopbackResolved } from "../../src/transport/loopback.js";
import { createServer, failureOf, noLibrary, unauthenticated } from "./auth-fixture.js";

const auth = (options: AuthOptions) => authInterceptor(options, noLibrary, "test");

/** A stream, as far as interceptors look at one: no service here has a streaming method. */
const streamRequest = () =>
  ({
    stream: true,
    method: Operations.method.getOperation,
    url: "https://in-memory/",
    header: new Headers(),
    signal: new AbortController().signal,
  }) as unknown as StreamRequest;

/** A token function whose answers wait until the test gives them. */
function heldTokens() {
  const requests: TokenRequest[] = [];
  const answers: ((token: string) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const token = (request: TokenRequest) => {
    requests.push(request);
    return new Promise<string>((resolve, reject) => {
      answers.push(resolve);
      failures.push(reject);
    });
  };
  return { requests, answers, failures, token };
}

describe("what is sent", () => {
  test.each<[string, AuthOptions, Record<string, string>]>([
    ["a token", { token: "t1" }, { authorization: "Bearer t1" }],
    ["an API key", { apiKey: "k1" }, { "x-goog-api-key": "k1" }],
    ["a function's token", { auth: () => "t2" }, { authorization: "Bearer t2" }],
    ["a promised token", { auth: async () => "t3" }, { authorization: "Bearer t3" }],
    [
      "headers in an object, as google-auth-library 9 answers them",
      {
        auth: {
          getRequestHeaders: async () => ({ Authorization: "Bearer t4", "x-goog-user-project": "p4" }),
        },
      },
      { authorization: "Bearer t4", "x-goog-user-project": "p4" },
    ],
    [
      "headers in a Headers, as google-auth-library 10 and 11 answer them",
      { auth: { getRequestHeaders: async () => new Headers({ authorization: "Bearer t5" }) } },
      { authorization: "Bearer t5" },
    ],
    [
      "the quota project of the options before the credential's",
      {
        quotaProject: "mine",
        auth: { getRequestHeaders: async () => ({ "x-goog-user-project": "theirs" }) },
      },
      { "x-goog-user-project": "mine" },
    ],
  ])("%s", async (_, options, headers) => {
    const server = createServer();
    await server.client(auth(options)).getOperation({ name: "operations/1" });
    expect(Object.fromEntries(server.calls[0] ?? [])).toMatchObject(headers);
  });

  test("asks a credential object for the origin with a slash, the audience of a self-signed token", async () => {
    const urls: unknown[] = [];
    const getRequestHeaders = async (url?: string) => {
      urls.push(url);
      return {};
    };
    await createServer()
      .client(auth({ auth: { getRequestHeaders } }))
      .getOperation({ name: "operations/1" });
    expect(urls).toEqual(["https://in-memory/"]);
  });

  test("keeps the credential from interceptors that come before it", async () => {
    const seen: (string | null)[] = [];
    const outer: Interceptor = (next) => async (req) => {
      const answer = await next(req);
      seen.push(req.header.get("authorization"));
      return answer;
    };
    const server = createServer();
    await server.client(outer, auth({ token: "t1" })).getOperation({ name: "operations/1" });
    expect(seen).toEqual([null]);
    expect(server.calls[0]?.get("authorization")).toBe("Bearer t1");
  });

  test.each(["authorization", "x-goog-api-key"])(
    "leaves a call alone that brings its own %s",
    async (name) => {
      const server = createServer();
      const client = server.client(
        auth({ auth: () => Promise.reject(new Error("asked")), quotaProject: "p" }),
      );
      await client.getOperation({ name: "operations/1" }, { headers: { [name]: "mine" } });
      expect(server.calls[0]?.get(name)).toBe("mine");
      expect(server.calls[0]?.has("x-goog-user-project")).toBe(false);
    },
  );

  test("a call's own quota project goes before that of the options", async () => {
    const server = createServer();
    const headers = { "x-goog-user-project": "call" };
    await server
      .client(auth({ token: "t1", quotaProject: "client" }))
      .getOperation({ name: "operations/1" }, { headers });
    expect(server.calls[0]?.get("x-goog-user-project")).toBe("call");
  });
});

describe("fetching tokens", () => {
  test("calls that start together share one fetch; a later one asks again", async () => {
    const held = heldTokens();
    const server = createServer();
    const client = server.client(auth({ auth: held.token }));
    const calls = Array.from({ length: 64 }, () => client.getOperation({ name: "operations/1" }));
    await new Promise(setImmediate);
    expect(held.requests).toHaveLength(1);
    held.answers[0]?.("shared");
    await Promise.all(calls);
    expect(new Set(server.calls.map((headers) => headers.get("authorization")))).toEqual(
      new Set(["Bearer shared"]),
    );

    const later = client.getOperation({ name: "operations/1" });
    await new Promise(setImmediate);
    expect(held.requests).toHaveLength(2);
    held.answers[1]?.("next");
    await later;
    expect(server.calls.at(-1)?.get("authorization")).toBe("Bearer next");
  });

  test("a failed fetch fails the calls that waited for it, and no later one", async () => {
    const held = heldTokens();
    const client = createServer().client(auth({ auth: held.token }));
    const calls = [1, 2].map(() => failureOf(client.getOperation({ name: "operations/1" })));
    await new Promise(setImmediate);
    held.failures[0]?.(new Error("the vault is sealed"));
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: Code.Unauthenticated, requestSent: false });
      expect(error.message).toContain("no token from a token function: the vault is sealed");
      expect(error.method).toBe("google.longrunning.Operations.GetOperation");
    }
    const later = client.getOperation({ name: "operations/1" });
    await new Promise(setImmediate);
    held.answers[1]?.("t");
    await later;
  });

  test("asks for the scopes of each method", async () => {
    const scopes: (readonly string[])[] = [];
    const methodScopes = {
      "google.longrunning.Operations.GetOperation": ["read"],
      "google.longrunning.Operations.CancelOperation": ["write", "all"],
    };
    const token = (request: TokenRequest) => {
      scopes.push(request.scopes);
      return "t";
    };
    const client = createServer().client(auth({ auth: token, methodScopes }));
    await Promise.all([client.getOperation({ name: "a" }), client.cancelOperation({ name: "a" })]);
    expect(scopes).toEqual([["read"], ["write"]]);
  });

  test("an abort while the token is fetched rejects at once and sends nothing", async () => {
    const held = heldTokens();
    const server = createServer();
    const client = server.client(auth({ auth: held.token }));
    const controller = new AbortController();
    const aborted = client.getOperation({ name: "a" }, { signal: controller.signal });
    const other = client.getOperation({ name: "b" });
    await new Promise(setImmediate);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: Code.Canceled });
    expect(server.calls).toHaveLength(0);
    held.answers[0]?.("t");
    await other;
    expect(server.calls).toHaveLength(1);
  });

  test("a deadline while the token is fetched is a deadline", async () => {
    const held = heldTokens();
    const server = createServer();
    const call = server.client(auth({ auth: held.token })).getOperation({ name: "a" }, { timeoutMs: 5 });
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    expect(server.calls).toHaveLength(0);
    held.answers[0]?.("t");
  });

  test("an aborted call asks for no token", async () => {
    const held = heldTokens();
    const call = createServer()
      .client(auth({ auth: held.token }))
      .getOperation({ name: "a" }, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(held.requests).toHaveLength(0);
  });
});

describe("a refused credential", () => {
  const freshTokens = () => {
    const refreshes: boolean[] = [];
    const token = ({ refresh }: TokenRequest) => {
      refreshes.push(refresh);
      return `token-${refreshes.filter(Boolean).length}`;
    };
    return { refreshes, token };
  };

  test("is refreshed once and the call sent once more", async () => {
    const { refreshes, token } = freshTokens();
    const server = createServer((_, call) => {
      if (call === 1) throw unauthenticated();
    });
    await server.client(auth({ auth: token })).cancelOperation({ name: "a" });
    expect(refreshes).toEqual([false, true]);
    expect(server.calls.map((headers) => headers.get("authorization"))).toEqual([
      "Bearer token-0",
      "Bearer token-1",
    ]);
  });

  test("a second refusal is the end, and the error says what was tried and what to do", async () => {
    const { token } = freshTokens();
    const server = createServer(() => {
      throw unauthenticated();
    });
    const scope = "https://www.googleapis.com/auth/admanager";
    const error = await failureOf(
      server.client(auth({ auth: token, scopes: scope })).cancelOperation({ name: "a" }),
    );
    expect(server.calls).toHaveLength(2);
    expect(error).toMatchObject({
      code: Code.Unauthenticated,
      reason: "unauthenticated",
      attempts: 2,
      requestSent: true,
    });
    expect(error.message).toContain("invalid credentials");
    expect(error.message).toContain("refused: a token function, and so was the next one after a refresh");
    expect(error.message).toContain(`gcloud auth application-default login --scopes=${scope},`);
  });

  test("calls refused together share one refresh", async () => {
    const { refreshes, token } = freshTokens();
    const server = createServer((headers) => {
      if (headers.get("authorization") === "Bearer token-0") throw unauthenticated();
    });
    const client = server.client(auth({ auth: token }));
    await Promise.all(Array.from({ length: 20 }, () => client.getOperation({ name: "a" })));
    expect(refreshes.filter(Boolean)).toHaveLength(1);
    expect(server.calls).toHaveLength(40);
  });

  test("a token given as text is not tried twice", async () => {
    const server = createServer(() => {
      throw unauthenticated();
    });
    const error = await failureOf(server.client(auth({ token: "t" })).getOperation({ name: "a" }));
    expect(server.calls).toHaveLength(1);
    expect(error.attempts).toBe(1);
    expect(error.message).toContain("refused: an access token, given as text.");
  });

  test("a call's own credential is not tried twice and named as such", async () => {
    const server = createServer(() => {
      throw unauthenticated();
    });
    const call = server
      .client(auth({ auth: () => "t" }))
      .getOperation({ name: "a" }, { headers: { authorization: "x" } });
    expect((await failureOf(call)).message).toContain("refused: the call's own header");
    expect(server.calls).toHaveLength(1);
  });

  test("a refresh that fails is told with the refusal", async () => {
    const token = ({ refresh }: TokenRequest) => {
      if (refresh) throw new Error("the vault is sealed");
      return "t";
    };
    const server = createServer(() => {
      throw unauthenticated();
    });
    const error = await failureOf(server.client(auth({ auth: token })).getOperation({ name: "a" }));
    expect(error).toMatchObject({ code: Code.Unauthenticated, requestSent: true, attempts: 1 });
    expect(error.message).toContain("invalid credentials");
    expect(error.message).toContain("the vault is sealed");
  });

  test("a stream is not sent twice, since its messages are gone", async () => {
    const { refreshes, token } = freshTokens();
    let sent = 0;
    const next = auth({ auth: token })(() => {
      sent++;
      return Promise.reject(unauthenticated());
    });
    const error = await failureOf(next(streamRequest()));
    expect(error.message).toContain("refused: a token function.");
    expect([sent, refreshes]).toEqual([1, [false]]);
  });

  test("an abort during the refresh is an abort", async () => {
    const controller = new AbortController();
    const next = auth({ auth: ({ refresh }) => (refresh ? new Promise(() => {}) : "token") })(() =>
      Promise.reject(unauthenticated()),
    );
    const call = next({
      ...streamRequest(),
      stream: false,
      signal: controller.signal,
    } as unknown as UnaryRequest);
    await new Promise(setImmediate);
    controller.abort();
    expect(await failureOf(call)).toMatchObject({
      code: Code.Canceled,
      reason: "aborted-by-caller",
      requestSent: true,
    });
  });

  test("any other failure is thrown as it came", async () => {
    const { refreshes, token } = freshTokens();
    const server = createServer(() => {
      throw new ConnectError("busy", Code.Unavailable);
    });
    const error = await failureOf(server.client(auth({ auth: token })).getOperation({ name: "a" }));
    expect(error.status.message).toBe("busy");
    expect(refreshes).toEqual([false]);
  });
});

describe("where a credential may go", () => {
  const calls: [string, AuthOptions, string][] = [
    ["http://example.com/x", {}, "http://example.com is neither https nor this machine"],
    ["http://localhost.example.com/x", {}, "http://localhost.example.com is neither"],
    ["http://127.0.0.1.example.com/x", {}, "http://127.0.0.1.example.com is neither"],
    ["http://10.0.0.1:8080/x", {}, "http://10.0.0.1:8080 is neither"],
    ["http://[::ffff:8.8.8.8]/x", {}, "is neither"],
    ["ftp://example.com/x", {}, "is neither http nor https"],
    ["unix:/socket", {}, "is neither http nor https"],
    ["/relative", {}, "is neither http nor https"],
    ["https://evil.example/x", { origins: "https://good.example" }, "is for https://good.example only"],
    ["https://good.example:444/x", { origins: "https://good.example" }, "is for https://good.example only"],
    [
      "https://good.example.evil.example/x",
      { origins: ["https://good.example"] },
      "is for https://good.example only",
    ],
    [
      "https://good.example@evil.example/x",
      { origins: "https://good.example" },
      "is for https://good.example only",
    ],
    ["http://localhost:8080/x", {}, "http://localhost:8080 is a name, and this transport does not say"],
    ["http://a.localhost/x", {}, "http://a.localhost is a name"],
    ["http://LOCALHOST./x", {}, "is neither https nor this machine"],
    ["http://[::ffff:127.0.0.1]/x", {}, "is neither https nor this machine"],
    ["http://127.0.0.1:1/x", { origins: "https://good.example" }, "is for https://good.example only"],
  ];
  const through =
    (url: string): Interceptor =>
    (next) =>
    (req) =>
      next({ ...req, url });

  test.each(calls)("refuses %s before a token is asked for", async (url, options, problem) => {
    const server = createServer();
    let asked = 0;
    const token = () => {
      asked++;
      return "t";
    };
    const client = server.client(through(url), auth({ ...options, auth: token }));
    for (const headers of [{}, { authorization: "own" }]) {
      const error = await failureOf(client.getOperation({ name: "a" }, { headers }));
      expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
      expect(error.message).toContain(problem);
    }
    expect([asked, server.calls.length]).toEqual([0, 0]);
  });

  test.each([
    ["https://example.com/x", {}],
    ["https://good.example/prefix/x", { origins: ["https://other.example", "https://good.example/"] }],
    ["https://good.example/x", { origins: "https://good.example:443" }],
    ["http://127.9.9.9/x", {}],
    ["http://2130706433/x", {}], // 127.0.0.1 as one number
    ["http://[::1]:8080/x", {}],
  ])("sends one to %s", async (url, options) => {
    const server = createServer();
    const back = through("https://in-memory/google.longrunning.Operations/GetOperation");
    await server.client(through(url), auth({ ...options, token: "t" }), back).getOperation({ name: "a" });
    expect(server.calls[0]?.get("authorization")).toBe("Bearer t");
  });

  test("sends one to a name of this machine where the transport connects that to a loopback address", async () => {
    const server = createServer();
    const resolved: Interceptor = (next) => (req) => {
      const contextValues = withLoopbackResolved(req.contextValues);
      return next({ ...req, url: "http://a.localhost:8080/x", contextValues });
    };
    const back = through("https://in-memory/google.longrunning.Operations/GetOperation");
    await server.client(resolved, auth({ token: "t" }), back).getOperation({ name: "a" });
    expect(server.calls[0]?.get("authorization")).toBe("Bearer t");
  });
});
