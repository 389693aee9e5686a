// SPDX-License-Identifier: Apache-2.0
import { ReportServiceClient } from "@google-ads/admanager";
import { googleAuthLibrary } from "google-gax";
import { NAME } from "../operation.mjs";

/** Google's own client for Ad Manager. It cannot cancel (its rules lack the method), so it polls the operation. */
export function open({ port }) {
  const client = new ReportServiceClient({
    apiEndpoint: "127.0.0.1",
    port,
    protocol: "http",
    authClient: new googleAuthLibrary.PassThroughClient(),
  });
  return { call: () => client.operationsClient.getOperation({ name: NAME }) };
}
