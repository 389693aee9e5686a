// SPDX-License-Identifier: Apache-2.0
// node bench/report-rows.mjs [rows]: reads the rows of a report's result from the emulator, through this package and through
// @google-ads/admanager, and prints rows a second and the peak memory of each reader, a process of its own.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const RESULT = "networks/1/reports/2/results/3";
const PAGE_SIZE = 1_000;
const [, file, first = "1000000", client, port] = process.argv;

const READERS = {
  async longrunning(port) {
    const { createAdManagerClient } = await import("longrunning/admanager");
    const admanager = createAdManagerClient({ baseUrl: `http://127.0.0.1:${port}` });
    return { rows: admanager.reportRows(RESULT, { pageSize: PAGE_SIZE }), close: () => admanager.close() };
  },
  async official(port) {
    const { ReportServiceClient } = await import("@google-ads/admanager");
    const { OAuth2Client } = await import("google-auth-library");
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: "not-a-secret" });
    const reports = new ReportServiceClient({
      apiEndpoint: "127.0.0.1",
      port: Number(port),
      protocol: "http",
      authClient,
    });
    const request = { name: RESULT, pageSize: PAGE_SIZE };
    return {
      rows: reports.fetchReportResultRowsAsync(request, { autoPaginate: false }),
      close: () => reports.close(),
    };
  },
};

if (client === undefined) {
  const { startEmulator } = await import("longrunning/emulator");
  for (const name of Object.keys(READERS)) {
    for (const rows of [10_000, Number(first)]) {
      const emulator = await startEmulator({ reportRows: () => rows });
      const args = [file, String(rows), name, String(emulator.port)];
      process.stdout.write((await promisify(execFile)(process.execPath, args)).stdout);
      await emulator.close();
    }
  }
} else {
  const { rows, close } = await READERS[client](port);
  const startMs = performance.now();
  let count = 0;
  for await (const _ of rows) count++;
  const seconds = (performance.now() - startMs) / 1_000;
  const { maxRSS } = process.resourceUsage();
  await close();
  console.log(
    `${client}: ${count} rows in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} rows/s, peak ${Math.round(maxRSS / 1024)} MiB`,
  );
}
