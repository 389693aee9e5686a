// SPDX-License-Identifier: Apache-2.0
import type { DescMessage } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { ListOperationsResponseSchema, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { isErrorResponse } from "../../src/errors/rest/error-body.js";

/** What a body says that came with a 2xx status. */
test.each<[DescMessage, string, boolean]>([
  [OperationSchema, '{"error":{"code":403,"message":"m"}}', true],
  [OperationSchema, '{"error":{"code":403,"status":"PERMISSION_DENIED"}}', true],
  [OperationSchema, '{"error":{"status":"UNAVAILABLE"}}', true],
  [OperationSchema, '{"error":{"code":7,"status":"PERMISSION_DENIED"}}', true],
  [OperationSchema, '{"error":{"code":"503"}}', true],
  [OperationSchema, '[{"error":{"code":429}}]', true],
  [OperationSchema, '{"error":{"code":404},"name":null}', true],
  [OperationSchema, '{"error":{"code":5,"message":"m"}}', false], // a google.rpc.Status
  [OperationSchema, '{"name":"operations/1","error":{"code":403,"status":"PERMISSION_DENIED"}}', false],
  [OperationSchema, '{"done":true,"error":{"code":404}}', false],
  [OperationSchema, '{"done":false,"error":{"code":404}}', false],
  [OperationSchema, '{"error":{"status":"OK","code":0}}', false],
  [OperationSchema, '{"error":{"status":"NEW_CODE"}}', false],
  [OperationSchema, '{"error":"text"}', false],
  [OperationSchema, '{"response":{}}', false],
  [OperationSchema, "[]", false],
  [OperationSchema, "null", false],
  [EmptySchema, '{"error":{"code":403}}', true],
  [EmptySchema, '{"error":{"code":16,"message":"Jwt is missing"}}', true],
  [EmptySchema, '{"error":{"code":"403"}}', true],
  [EmptySchema, '{"error":{"message":"no"}}', true],
  [EmptySchema, '{"error":"access_denied","error_description":"no"}', true],
  [EmptySchema, '{"error":{"code":200}}', false],
  [EmptySchema, '{"error":""}', false],
  [EmptySchema, '{"error":{}}', false],
  [EmptySchema, '{"error":null}', false],
  [ListOperationsResponseSchema, '{"error":"text"}', false],
  [EmptySchema, "{}", false],
  [ListOperationsResponseSchema, '{"error":{"code":500,"status":"INTERNAL"},"operations":[]}', true],
])("%s %s: an error is %p", (output, text, isError) => {
  expect(isErrorResponse(JSON.parse(text), output)).toBe(isError);
});
