// SPDX-License-Identifier: Apache-2.0
import { createAdManagerClient } from "../../src/admanager.js";
import { createFakeOperations, type FakeOperationsOptions } from "../../src/testing.js";

/** A result of a report. */
export const RESULT = "networks/1/reports/2/results/3";

/** The method that reads its rows. */
export const FETCH = "google.ads.admanager.v1.ReportService.FetchReportResultRows";

/** A client, and the fake that it calls, which share a clock. */
export function clientOf(options: FakeOperationsOptions = {}) {
  const fake = createFakeOperations(options);
  return { fake, client: createAdManagerClient({ transport: fake.transport, clock: fake.clock }) };
}

/** Everything that is read, to the end. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
