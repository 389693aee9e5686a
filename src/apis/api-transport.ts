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
 * The REST transport of an API: each call of `google.longrunning.Operations` goes by the rules of the version that its
 * name belongs to, every other call by its own annotation.
 *
 * @param connect - makes the transport for some rules: at once for the first version, so that an option that cannot be used
 * is heard of, and for each other one when it is first called.
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
    const { name } = input as { name?: unknown }; // Each request of Operations has a name; a program may pass none.
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
