// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, createRegistry, type DescMethodUnary, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { file_google_protobuf_duration } from "@bufbuild/protobuf/wkt";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport, type RestTransport, type RestTransportOptions } from "../../src/index.js";
import { selectorOf } from "../../src/names/method-name.js";
import { Svc } from "../http-rule/vectors/gen/vec_pb.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport } from "./rest-fixture.js";

// The golden rows of transcoding, through the public transport: what it describes, and what it puts on the wire.

interface Row {
  n: number;
  group: string;
  method: string;
  input: JsonValue;
  rules: [object, ...object[]];
  opts: Pick<RestTransportOptions, "systemParameters">;
  want: string | { error: true };
}

const file = join(__dirname, "../http-rule/vectors/transcoding.json");
const rows: Row[] = JSON.parse(readFileSync(file, "utf8"));
const registry = createRegistry(file_google_protobuf_duration);

function methodNamed(name: string): DescMethodUnary {
  const methods: DescMethodUnary[] = [...Object.values(Svc.method), ...Object.values(Operations.method)];
  const method = methods.find((candidate) => candidate.name === name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

function optionsOf({
  method,
  rules,
  opts,
}: Row): Pick<RestTransportOptions, "httpRules" | "systemParameters"> {
  const [primary, ...additionalBindings] = rules;
  return {
    ...opts,
    httpRules: [{ ...primary, selector: selectorOf(methodNamed(method)), additionalBindings }],
  };
}

const messageOf = ({ method, input }: Row) => fromJson(methodNamed(method).input, input, { registry });

test.each(rows)("describes row $n, $group: $rules.0", (row) => {
  const run = (transport: RestTransport) => {
    const { method, url, body } = transport.describe(methodNamed(row.method), messageOf(row));
    const target = url.slice("https://example.com".length);
    return body === undefined ? `${method} ${target}` : `${method} ${target} ${body}`;
  };
  const make = () => createRestTransport({ baseUrl: "https://example.com", ...optionsOf(row) });
  if (typeof row.want === "string") expect(run(make())).toBe(row.want);
  else expect(() => run(make())).toThrow();
});

test("puts every row on the wire as it describes it, or nothing", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
  for (const row of rows) {
    const { want } = row;
    const sent = server.requests.length;
    let transport: RestTransport;
    try {
      transport = createTestTransport({ baseUrl: server.baseUrl, ...optionsOf(row) });
    } catch {
      expect(want).toMatchObject({ error: true });
      continue;
    }
    const call = transport.unary(methodNamed(row.method), undefined, undefined, undefined, messageOf(row));
    if (typeof want !== "string") {
      expect(await callErrorOf(call)).toMatchObject({ requestSent: false });
      expect(server.requests.length).toBe(sent);
      continue;
    }
    await call;
    const [head = "", body] = (server.requests[sent] ?? "").split("\r\n\r\n");
    const line = head.slice(0, head.indexOf(" HTTP/1.1\r\n"));
    expect(body === "" ? line : `${line} ${Buffer.from(body ?? "", "latin1")}`).toBe(want);
  }
});

test("describes without changing the message", () => {
  const transport = createRestTransport({ baseUrl: "https://example.com" });
  const message = create(Operations.method.cancelOperation.input, { name: "operations/1" });
  transport.describe(Operations.method.cancelOperation, message);
  expect(message).toEqual(create(Operations.method.cancelOperation.input, { name: "operations/1" }));
});
