// SPDX-License-Identifier: Apache-2.0
// The page of operations that the list measure reads.

/** Operations in the page. */
export const PAGE_SIZE = 1_000;

/** Whose operations they are. */
export const PARENT = "networks/123";

/** A ListOperationsResponse as ProtoJSON: finished report runs with metadata and a response. */
export function pageJson() {
  const operations = Array.from({ length: PAGE_SIZE }, (_, index) => ({
    name: `${PARENT}/operations/reports/runs/${1_000_000 + index}`,
    metadata: {
      "@type": "type.googleapis.com/google.ads.admanager.v1.RunReportMetadata",
      percentComplete: 100,
      report: `${PARENT}/reports/${5_000 + index}`,
    },
    done: true,
    response: {
      "@type": "type.googleapis.com/google.ads.admanager.v1.RunReportResponse",
      reportResult: `${PARENT}/reports/${5_000 + index}/results/${9_000 + index}`,
    },
  }));
  return { operations };
}
