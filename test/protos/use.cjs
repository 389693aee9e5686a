// @ts-check
// SPDX-License-Identifier: Apache-2.0
// As use.ts, of what is generated as CommonJS; it is copied into that folder.
const { createOperationsClient } = require("longrunning");
const { createFakeOperations } = require("longrunning/testing");
const {
  createReportServiceOperations,
  ReportServiceOperations,
} = require("./google/ads/admanager/v1/report_service_longrunning.js");

const { transport, clock, serve } = createFakeOperations();
serve(ReportServiceOperations, { runReport: ({ name }) => ({ reportResult: `${name}/results/3` }) });
const reports = createReportServiceOperations(createOperationsClient({ transport, clock }));

async function use() {
  const run = await reports.runReport({ name: "networks/1/reports/2" });
  const response = await run.result();
  // @ts-expect-error the response has no such field
  response?.reportResults;
  console.log(response?.reportResult);
}
use();
