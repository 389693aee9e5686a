// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { readOneName } from "../arguments/names.js";
import type { TypedFlags } from "../arguments/settings.js";
import type { Session } from "../session/session.js";
import { UsageError } from "../usage-error.js";
import { addCallFlags, addExamples, type Start } from "./start.js";

const METHODS = ["cancel", "get", "list", "delete", "wait", "run-report"] as const;
type MethodName = (typeof METHODS)[number];

/** `describe METHOD NAME`: the request, without sending it. */
export function addDescribe(program: Command, start: Start): void {
  const command = program
    .command("describe")
    .summary("show the request that would be sent")
    .description(
      "Shows the HTTP request that a call would send, without sending it and without a credential.",
    )
    .addArgument(
      new Argument("<method>", "the method, or the RPC's own name").choices(METHODS).argParser(readMethod),
    )
    .argument("<name>", "name of an operation, a parent or a report", readOneName);
  addCallFlags(command);
  addExamples(
    command,
    "describe cancel networks/123/operations/reports/runs/456",
    "describe get projects/p/operations/1 --endpoint https://run.googleapis.com --http-prefix /v2",
  );
  command.action(async (method: MethodName, name: string, typed: TypedFlags) =>
    start({ ...typed, auth: false, header: undefined }, { names: [name], isList: false }, (session) =>
      describe(session, method, name),
    ),
  );
}

/** `cancel`, `CancelOperation` and `google.longrunning.Operations.CancelOperation` mean the same method. */
function readMethod(text: string): MethodName {
  const bare = (text.split(".").pop() ?? "").toLowerCase().replace(/operations?$/, "");
  const found = METHODS.find((method) => method === bare || method.replace("-", "") === bare);
  if (found === undefined) throw new InvalidArgumentError(`Expected one of ${METHODS.join(", ")}.`);
  return found;
}

async function describe(session: Session, method: MethodName, name: string): Promise<void> {
  const { Operations } = await import("../../../gen/google/longrunning/operations_pb.js");
  const { ReportService } = await import("../../admanager.js");
  const { rest } = session;
  if (rest === undefined) throw new UsageError("describe shows HTTP requests: leave --transport grpc out");
  const { cancelOperation, getOperation, listOperations, deleteOperation, waitOperation } = Operations.method;
  const methods: Readonly<Record<MethodName, DescMethod>> = {
    cancel: cancelOperation,
    get: getOperation,
    list: listOperations,
    delete: deleteOperation,
    wait: waitOperation,
    "run-report": ReportService.method.runReport,
  };
  if (session.place.isAdManager && ["list", "delete", "wait"].includes(method)) {
    throw new UsageError(`Ad Manager has no ${method} of operations: nothing would be sent`);
  }
  const request = rest.describe(methods[method], { name });
  const headers = Object.fromEntries(new Headers(request.headers));
  const { url, body } = request;
  await session.print({
    json: { method: request.method, url, headers, ...(body !== undefined && { body: String(body) }) },
    lines: [
      [`${request.method} ${url}`],
      ...Object.entries(headers).map(([name, value]) => [{ text: `${name}:`, as: "label" }, ` ${value}`]),
      ...(body === undefined ? [] : [[], [String(body)]]),
    ],
  });
}
