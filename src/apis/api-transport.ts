// SPDX-License-Identifier: Apache-2.0
import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import type { CatalogueEntry } from "./catalogue.js";
import { chooseVersion } from "./version-choice.js";

/** A transport that can be closed. */
export type ClosableTransport = Transport & { close(): Promise<void> };

/**
 * The REST transport of an API: each call of `google.longrunning.Operations` goes by the rules of the version that its
 * name belongs to, every other call by its own annotation.
 *
 * @param connect - makes the transport for some rules; called once for each version that is used.
 */
export function createVersionedTransport(
  entry: CatalogueEntry,
  version: string | undefined,
  connect: (httpRules: readonly HttpRuleJson[]) => ClosableTransport,
): ClosableTransport {
  const made = new Map<string, ClosableTransport>();
  const transportFor = (key: string, httpRules: readonly HttpRuleJson[]) => {
    const transport = made.get(key) ?? connect(httpRules);
    made.set(key, transport);
    return transport;
  };
  const transportOf = (method: DescMethodUnary, input: object): ClosableTransport => {
    if (method.parent.typeName !== Operations.typeName) return [...made.values()][0] ?? transportFor("", []);
    const { name } = input as { name?: unknown }; // Each request of Operations has a name; a program may pass none.
    const rules = chooseVersion(entry, method, typeof name === "string" ? name : "", version);
    return transportFor(rules.version, rules.rules);
  };
  return {
    unary: async (method, signal, timeoutMs, header, input, contextValues) =>
      transportOf(method, input).unary(method, signal, timeoutMs, header, input, contextValues),
    stream: (method, ...call) => transportFor("", []).stream(method, ...call),
    close: async () => {
      await Promise.all([...made.values()].map((transport) => transport.close()));
    },
  };
}
