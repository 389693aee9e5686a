// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import type { RestTransport } from "../transport/rest/transport.js";
import { rulesOf, versionsOf } from "./api-rules.js";
import type { CatalogueEntry } from "./catalogue.js";
import { chooseVersion } from "./version-choice.js";

/** A transport that can be closed. */
export type ClosableTransport = Transport & { close(): Promise<void> };

/**
 * The REST transport of an API: each call of `google.longrunning.Operations` uses the rules of the version that its
 * name belongs to, every other call its own annotation.
 *
 * @param connect - creates the transport for some rules. Called at once for the first version, so that an invalid option
 * throws here, and for each other version on its first call.
 */
export function createVersionedTransport(
  entry: CatalogueEntry,
  version: string | undefined,
  connect: (httpRules: readonly HttpRuleJson[]) => RestTransport,
): RestTransport {
  const made = new Map<string, RestTransport>();
  const transportFor = (of: string) => {
    const transport = made.get(of) ?? connect(rulesOf(entry, of).rules);
    made.set(of, transport);
    return transport;
  };
  const [newest = ""] = versionsOf(entry, version);
  const anyVersion = transportFor(newest);
  const transportOf = (method: DescMethod, input: object): RestTransport => {
    if (method.parent.typeName !== Operations.typeName) return anyVersion;
    const { name } = input as { name?: unknown }; // JavaScript may omit the name.
    return transportFor(chooseVersion(entry, method, typeof name === "string" ? name : "", version).version);
  };
  const close = async () => {
    await Promise.all([...made.values()].map((transport) => transport.close()));
  };
  return {
    unary: async (method, signal, timeoutMs, header, input, contextValues) =>
      transportOf(method, input).unary(method, signal, timeoutMs, header, input, contextValues),
    stream: (method, ...call) => anyVersion.stream(method, ...call),
    describe: (method, message) => transportOf(method, message).describe(method, message),
    close,
    [Symbol.asyncDispose]: close,
  };
}
