// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import {
  createOperationsClient,
  createRestTransport,
  operationsHttpRules,
  type RestTransportOptions,
} from "../../src/index.js";
import { httpRulesFromServiceConfig } from "../../src/service-config.js";

import { closeAfterTest, httpAnswer, type RawServer, startRawServer } from "../transport/raw-server.js";
import { Library } from "./gen/library/v1/library_pb.js";

/** As an API has it that binds operations below its projects, and one method of the library elsewhere. */
const serviceConfig = `
type: google.api.Service
http:
  rules:
  - selector: google.longrunning.Operations.GetOperation
    get: '/v2/{name=projects/*/operations/*}'
    additional_bindings:
    - get: '/v2/{name=folders/*/operations/*}:look'
  - selector: google.longrunning.Operations.CancelOperation
    post: '/v2/{name=projects/*/operations/*}:stop'
    body: '*'
  - selector: google.longrunning.Operations.ListOperations
    get: '/v2/operations'
  - selector: library.v1.Library.GetBook
    post: '/v2/books:get'
    body: read_mask
`;

/** What the server answers: an operation by the id in the request line, which other messages read as nothing. */
function operationIn(request: string): string {
  const id = /operations\/(\w+)/.exec(request)?.[1] ?? "1";
  return JSON.stringify({ name: `operations/${id}` });
}

/** An API, and a server in its place that answers everything with an operation. */
async function startApi(options: Partial<RestTransportOptions>) {
  const server = await startRawServer((socket, request) =>
    socket.write(httpAnswer(200, operationIn(request))),
  );
  const transport = createRestTransport({ baseUrl: server.baseUrl, ...options });
  closeAfterTest(() => transport.close());
  return { server, transport, operations: createOperationsClient({ transport }) };
}

const linesOf = ({ requests }: RawServer) => requests.map((request) => request.split(" HTTP/1.1\r\n", 1)[0]);
const bodiesOf = ({ requests }: RawServer) => requests.map((request) => request.split("\r\n\r\n")[1]);

test("two APIs in one program, each with rules of its own for the same methods", async () => {
  const configured = await startApi({ httpRules: httpRulesFromServiceConfig(serviceConfig) });
  const prefixed = await startApi({ httpRules: operationsHttpRules({ prefix: "/v1beta" }) });
  const annotated = await startApi({});
  const name = "projects/p/operations/1";

  for (let round = 0; round < 2; round++) {
    await configured.operations.getOperation(name);
    await prefixed.operations.getOperation(name);
    await annotated.operations.getOperation("operations/1");
    await prefixed.operations.cancelOperation(name);
    await annotated.operations.cancelOperation("operations/1");
    await configured.operations.cancelOperation(name);
    await createClient(Operations, prefixed.transport).listOperations({ name: "projects/p" });
    await createClient(Operations, configured.transport).listOperations({ name: "projects/p" });
    await createClient(Operations, configured.transport).getOperation({ name: "folders/f/operations/1" });
    await createClient(Library, configured.transport).getBook({ name: "b", readMask: { paths: ["title"] } });
    await createClient(Library, annotated.transport).getBook({ name: "shelves/1/books/2" });
    await createClient(Library, prefixed.transport).getBook({ isbn: "3" });
  }

  const twice = (lines: string[]) => [...lines, ...lines];
  expect(linesOf(configured.server)).toEqual(
    twice([
      `GET /v2/${name}`,
      `POST /v2/${name}:stop`,
      "GET /v2/operations?name=projects%2Fp",
      "GET /v2/folders/f/operations/1:look",
      "POST /v2/books:get?name=b",
    ]),
  );
  expect(bodiesOf(configured.server)).toEqual(twice(["", "{}", "", "", '"title"']));
  expect(linesOf(prefixed.server)).toEqual(
    twice([
      `GET /v1beta/${name}`,
      `POST /v1beta/${name}:cancel`,
      "GET /v1beta/projects/p/operations",
      "GET /v1/books/by-isbn/3",
    ]),
  );
  expect(bodiesOf(prefixed.server)).toEqual(twice(["", "", "", ""]));
  expect(linesOf(annotated.server)).toEqual(
    twice(["GET /v1/operations/1", "POST /v1/operations/1:cancel", "GET /v1/shelves/1/books/2"]),
  );
});

test("calls to two APIs at the same time do not mix either", async () => {
  const configured = await startApi({ httpRules: httpRulesFromServiceConfig(serviceConfig) });
  const prefixed = await startApi({ httpRules: operationsHttpRules({ prefix: "/v1beta" }) });
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  await Promise.all(
    numbers.flatMap((number) =>
      [configured, prefixed].map(({ operations }) =>
        operations.getOperation(`projects/p/operations/${number}`),
      ),
    ),
  );
  const expected = (version: string) =>
    new Set(numbers.map((number) => `GET /${version}/projects/p/operations/${number}`));
  expect(linesOf(configured.server)).toHaveLength(numbers.length);
  expect(new Set(linesOf(configured.server))).toEqual(expected("v2"));
  expect(linesOf(prefixed.server)).toHaveLength(numbers.length);
  expect(new Set(linesOf(prefixed.server))).toEqual(expected("v1beta"));
});

test("what one API has no rule for is refused there, and goes on at the other", async () => {
  const configured = await startApi({ httpRules: httpRulesFromServiceConfig(serviceConfig) });
  const prefixed = await startApi({ httpRules: operationsHttpRules({ prefix: "/v1beta" }) });
  const name = "projects/p/operations/1";
  await expect(configured.operations.waitOperation(name)).rejects.toMatchObject({ requestSent: false });
  await expect(prefixed.operations.waitOperation(name, { serverWaitMs: 1500 })).resolves.toBeDefined();
  await expect(configured.operations.getOperation("elsewhere/1")).rejects.toMatchObject({
    requestSent: false,
  });
  await expect(prefixed.operations.getOperation("elsewhere/1")).resolves.toBeDefined();
  expect(linesOf(configured.server)).toEqual([]);
  expect(linesOf(prefixed.server)).toEqual([
    `POST /v1beta/${name}:wait?timeout=1.500s`,
    "GET /v1beta/elsewhere/1",
  ]);
});
