// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { ErrorInfoSchema, QuotaFailureSchema } from "../../gen/google/rpc/error_details_pb.js";
import { CallError, toCallError } from "../../src/errors/call-error.js";
import { fromRestError } from "../../src/errors/rest/rest-error.js";
import { standardRegistry } from "../../src/json/registry.js";

function overRest(body: unknown, registry = standardRegistry(), status = 403): CallError {
  const answer = {
    status,
    headers: new Headers(),
    body: new TextEncoder().encode(JSON.stringify(body)),
    verb: "GET",
    url: "https://host/v1/x",
    registry,
  };
  return new CallError({ ...fromRestError(answer), requestSent: true });
}

describe("a 403 that is a limit", () => {
  test.each([
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "dailyLimitExceededUnreg",
    "concurrentLimitExceeded",
    "variableTermExpiredDailyExceeded",
    "usageLimits",
  ])("by the older reason %s is rate-limited", (reason) => {
    const error = overRest({
      error: { code: 403, message: "m", errors: [{ domain: "usageLimits", reason }] },
    });
    expect(error.reason).toBe("rate-limited");
    expect(error.message).not.toContain("roles");
    expect(toCallError(error, { method: "a.B.C", attempts: 2 }).reason).toBe("rate-limited");
  });

  test.each(["RATE_LIMIT_EXCEEDED", "RESOURCE_QUOTA_EXCEEDED", "USER_RATE_LIMIT_EXCEEDED"])(
    "by the ErrorInfo %s is rate-limited over every transport",
    (reason) => {
      const details = [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" },
      ];
      expect(overRest({ error: { code: 403, status: "PERMISSION_DENIED", details } }).reason).toBe(
        "rate-limited",
      );
      const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason }));
      const grpc = new CallError({
        code: Code.PermissionDenied,
        message: "m",
        details: [{ type: ErrorInfoSchema.typeName, value }],
        requestSent: true,
      });
      expect(grpc.reason).toBe("rate-limited");
    },
  );

  test("by a QuotaFailure is rate-limited", () => {
    const failed = new ConnectError("m", Code.PermissionDenied, undefined, [
      { desc: QuotaFailureSchema, value: { violations: [{ subject: "project:1", description: "used up" }] } },
    ]);
    expect(toCallError(failed).reason).toBe("rate-limited");
  });

  test.each([
    "accessNotConfigured",
    "forbidden",
    "insufficientPermissions",
    "keyExpired",
    "ipRefererBlocked",
  ])("%s is none, though its domain may be usageLimits", (reason) => {
    const error = overRest({ error: { code: 403, errors: [{ domain: "usageLimits", reason }] } });
    expect(error.reason).toBe("permission-denied");
  });
});

describe("Ad Manager's own reason", () => {
  const body = (errorCode: string, message = "why") => ({
    error: {
      code: 403,
      status: "PERMISSION_DENIED",
      message: "The caller does not have permission",
      details: [
        { "@type": "type.googleapis.com/google.ads.admanager.v1.AdManagerError", errorCode, message },
      ],
    },
  });
  const registries = [standardRegistry(), createRegistry(standardRegistry(), AdManagerErrorSchema)];

  test.each(registries)("is in the text, with advice that fits (types %#)", (registry) => {
    const error = overRest(body("AuthenticationError.NO_NETWORKS_TO_ACCESS"), registry);
    expect(error.message).toContain("AuthenticationError.NO_NETWORKS_TO_ACCESS: why");
    expect(error.message).toContain("as a user of the Ad Manager network");
    expect(error.message).not.toContain("scopes");
    expect(error.rawMessage).toBe("The caller does not have permission");
    expect(JSON.stringify(error)).toContain('"errorCode":"AuthenticationError.NO_NETWORKS_TO_ACCESS"');
  });

  test("says what it says only once", () => {
    const error = overRest({ error: { ...body("E").error, message: "E: why" } });
    expect(error.message.match(/E: why/g)).toHaveLength(1);
    expect(error.message).toContain("a role with this permission in the Ad Manager network");
  });

  test("that came as bytes is in the text when the registry has its type, as Ad Manager's client passes it", () => {
    const value = toBinary(
      AdManagerErrorSchema,
      create(AdManagerErrorSchema, { errorCode: "E", message: "why" }),
    );
    const details = [{ type: AdManagerErrorSchema.typeName, value }];
    const init = { code: Code.NotFound, message: "m", details, requestSent: true };
    const registry = createRegistry(AdManagerErrorSchema);
    expect(new CallError({ ...init, registry }).message).toContain("m: E: why");
    expect(toCallError(new CallError({ ...init, registry }), { attempts: 2 }).message).toContain("m: E: why");
    expect(new CallError(init).message).not.toContain("why");
  });

  test("that cannot be read takes nothing along", () => {
    const details = [{ type: AdManagerErrorSchema.typeName, value: Uint8Array.of(0xff) }];
    const error = new CallError({ code: Code.NotFound, message: "m", details, requestSent: true });
    expect(error.message).toContain("m (check the name");
  });
});

describe("a start whose response was lost", () => {
  const lost = (code: Code, requestSent = true) =>
    new CallError({ code, message: "m", method: "a.B.RunReport", requestSent, startsOperation: true });

  test.each([Code.Unavailable, Code.DeadlineExceeded, Code.Unknown, Code.Internal, Code.DataLoss])(
    "may be running: code %d",
    (code) => {
      expect(lost(code).message).toContain("may have been started: look for it");
      expect(toCallError(lost(code), { attempts: 2 }).message).toContain("may have been started");
    },
  );

  test("is not running when the server rejected it, or when nothing was sent", () => {
    expect(lost(Code.NotFound).message).not.toContain("may have been started");
    expect(lost(Code.Unavailable, false).message).not.toContain("may have been started");
  });
});

test("a call's deadline is not called the operation's", () => {
  const error = toCallError(new ConnectError("the operation timed out", Code.DeadlineExceeded));
  expect(error.rawMessage).toBe("the call timed out");
});

describe("a request without a response", () => {
  const textOf = (method: string, code: Code, requestSent: boolean) =>
    new CallError({
      code,
      message: "given up",
      method: `google.longrunning.Operations.${method}`,
      operationName: "operations/1",
      requestSent,
      reason: code === Code.Canceled ? "aborted-by-caller" : undefined,
    }).message;

  test.each([
    ["CancelOperation", Code.Canceled],
    ["CancelOperation", Code.DeadlineExceeded],
    ["DeleteOperation", Code.Canceled],
    ["DeleteOperation", Code.DeadlineExceeded],
  ])("may have been carried out: %s, code %p", (method, code) => {
    expect(textOf(method, code, true)).toContain("the server may have carried the request out all the same");
    expect(textOf(method, code, true)).not.toContain("not affected");
    expect(textOf(method, code, false)).not.toContain("carried");
  });

  test("leaves the operation alone if it only reads", () => {
    expect(textOf("GetOperation", Code.Canceled, true)).toContain("the operation itself is not affected");
    expect(textOf("WaitOperation", Code.DeadlineExceeded, true)).toContain(
      "the operation itself is not affected",
    );
  });
});
