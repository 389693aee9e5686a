// SPDX-License-Identifier: Apache-2.0
// What every contender calls: CancelOperation of one report run, as Ad Manager binds it.

export const NAME = "networks/123/operations/reports/runs/4567890123";

export const HTTP_RULES = [
  {
    selector: "google.longrunning.Operations.CancelOperation",
    post: "/v1/{name=networks/*/operations/reports/runs/*}:cancel",
  },
  {
    selector: "google.longrunning.Operations.ListOperations",
    get: "/v1/{name=networks/*}/operations/reports/runs",
  },
];

export const REST_PATH = `/v1/${NAME}:cancel`;
export const GRPC_PATH = "/google.longrunning.Operations/CancelOperation";
