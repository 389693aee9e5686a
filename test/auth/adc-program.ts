// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { googleAuth } from "../../src/auth.js";

/** What the program prints about each of its calls, in one line of JSON. */
export interface CallReport {
  readonly authorization: string | null;
  readonly quotaProject: string | null;
  readonly error: {
    readonly message: string;
    readonly requestSent: unknown;
    readonly printed: string;
  } | null;
}

/**
 * A program of its own, since credentials are looked for in the environment of the process: makes as many calls as its
 * first argument says, with Application Default Credentials and the scopes of its second.
 */
async function run(count: number, scopes: string[]): Promise<void> {
  const seen: Headers[] = [];
  const transport = createRouterTransport(
    ({ service }) =>
      service(Operations, {
        getOperation: (_, context) => {
          seen.push(context.requestHeader);
          return {};
        },
      }),
    { transport: { interceptors: [googleAuth({ scopes })] } },
  );
  const client = createClient(Operations, transport);
  for (let call = 0; call < count; call++) {
    seen.length = 0;
    const error: unknown = await client.getOperation({ name: "operations/1" }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const report: CallReport = {
      authorization: seen[0]?.get("authorization") ?? null,
      quotaProject: seen[0]?.get("x-goog-user-project") ?? null,
      error:
        error instanceof Error
          ? {
              message: error.message,
              requestSent: Reflect.get(error, "requestSent"),
              printed: `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`,
            }
          : null,
    };
    console.log(JSON.stringify(report));
  }
}

const [count = "1", ...scopes] = process.argv.slice(2);
void run(Number(count), scopes);
