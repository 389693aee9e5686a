// SPDX-License-Identifier: Apache-2.0
// Starts an operation of each API at the emulator, which serves it by the same generated code.
import { createOperationsClient } from "longrunning";
import { startEmulator } from "longrunning/emulator";
import { createGrpcTransport } from "longrunning/grpc";
import {
  createReportServiceOperations,
  ReportServiceOperations,
} from "./gen/google/ads/admanager/v1/report_service_longrunning.js";
import {
  createServiceManagerOperations,
  ServiceManagerOperations,
} from "./gen/google/api/servicemanagement/v1/servicemanager_longrunning.js";
import {
  CloudFilestoreManagerOperations,
  createCloudFilestoreManagerOperations,
} from "./gen/google/cloud/filestore/v1/cloud_filestore_service_longrunning.js";
import { Instance_Tier } from "./gen/google/cloud/filestore/v1/cloud_filestore_service_pb.js";
import {
  CloudMemcacheOperations,
  createCloudMemcacheOperations,
} from "./gen/google/cloud/memcache/v1/cloud_memcache_longrunning.js";
import {
  createWorkflowsOperations,
  WorkflowsOperations,
} from "./gen/google/cloud/workflows/v1/workflows_longrunning.js";

const emulator = await startEmulator();
emulator.serve(ReportServiceOperations, {
  runReport: ({ name: report }, course) =>
    course({ durationMs: 1, metadata: { report }, response: { reportResult: `${report}/results/3` } }),
});
emulator.serve(CloudFilestoreManagerOperations, {
  createInstance: ({ parent, instanceId, instance }, course) =>
    course({
      durationMs: 1,
      metadata: { target: `${parent}/instances/${instanceId}` },
      response: { tier: instance?.tier ?? Instance_Tier.TIER_UNSPECIFIED },
    }),
});
emulator.serve(ServiceManagerOperations, {
  createService: ({ service }) => ({ serviceName: service?.serviceName ?? "" }),
});
emulator.serve(CloudMemcacheOperations, {
  createInstance: ({ instance }, course) =>
    course({
      durationMs: 1,
      metadata: { verb: "create" },
      response: { nodeCount: instance?.nodeCount ?? 0 },
    }),
});
emulator.serve(WorkflowsOperations, {
  createWorkflow: (_, course) =>
    course({ durationMs: 1, metadata: { apiVersion: "v1" }, response: { revisionId: "000001-a1b" } }),
});

const transport = createGrpcTransport({ baseUrl: emulator.baseUrl });
const operations = createOperationsClient({ transport, polling: { initialMs: 5 } });
const parent = "projects/p/locations/l";

const report = await createReportServiceOperations(operations).runReport({ name: "networks/1/reports/2" });
const filestore = await createCloudFilestoreManagerOperations(operations).createInstance({
  parent,
  instanceId: "i",
  instance: { tier: Instance_Tier.REGIONAL },
});
const service = await createServiceManagerOperations(operations).createService({
  service: { serviceName: "projects/p/services/s" },
});
const memcache = await createCloudMemcacheOperations(operations).createInstance({
  parent,
  instance: { nodeCount: 3 },
});
const workflow = await createWorkflowsOperations(operations).createWorkflow({ parent, workflowId: "w" });

const result = {
  admanager: {
    reportResult: (await report.result())?.reportResult,
    report: (await report.poll()).metadata?.report,
  },
  filestore: {
    tier: (await filestore.result())?.tier,
    target: (await filestore.poll()).metadata?.target,
  },
  gax: {
    name: (await service.result())?.serviceName,
    metadata: (await service.poll()).metadata?.progressPercentage,
  },
  memcache: {
    nodeCount: (await memcache.result())?.nodeCount,
    verb: (await memcache.poll()).metadata?.verb,
  },
  workflows: {
    revisionId: (await workflow.result())?.revisionId,
    apiVersion: (await workflow.poll()).metadata?.apiVersion,
  },
};
console.log(JSON.stringify(result));
await transport.close();
await emulator.close();
