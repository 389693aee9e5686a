// SPDX-License-Identifier: Apache-2.0
import { type Api, apis } from "../../apis.js";
import type { PlainFlags } from "../arguments/flags.js";
import { messagesFor, printerFor } from "../output/streams.js";
import type { ProcessContext } from "../process.js";

/** Prints the APIs of the catalogue whose name, host or title contains a text. */
export async function listApis(filter: string, flags: PlainFlags, context: ProcessContext): Promise<void> {
  const wanted = filter.toLowerCase();
  const found = apis().filter(({ host, title }) => `${host} ${title}`.toLowerCase().includes(wanted));
  const nameWidth = widthOf(found.map(({ name }) => name));
  const titleWidth = widthOf(found.map(({ title }) => title));
  const printer = await printerFor(context, flags, true);
  for (const api of found) {
    const { name, host, title } = api;
    const versions = api.versions.map(({ version, hasRules, scopes, grpc }) => ({
      version,
      hasRules,
      scopes: [...scopes],
      grpc,
    }));
    const line = `${name.padEnd(nameWidth)}  ${title.padEnd(titleWidth)}  ${callable(api).join(", ")}`;
    await printer.print({ json: { name, host, title, versions }, lines: [[line.trimEnd()]] });
  }
  await printer.end();
  if (found.length === 0) messagesFor(context, flags).note(`no API has "${filter}" in its name or title`);
}

function callable({ versions }: Api): string[] {
  return versions.filter(({ hasRules }) => hasRules).map(({ version }) => version);
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
