// SPDX-License-Identifier: Apache-2.0
// node bench/report-rows.mjs [rows] [reader]: reads the rows of a report's result from the emulator, through this package, through
// @google-ads/admanager, and through `longrunning rows` into a CSV file, and prints rows a second and the peak memory of each
// reader as a table. The report has three dimensions and two metrics. The emulator is one process, each reader another.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const RESULT = "networks/1/reports/2/results/3";
const REPORT = {
  name: "networks/1/reports/2",
  dimensions: ["DATE", "LINE_ITEM_ID", "LINE_ITEM_NAME"],
  metrics: ["AD_SERVER_IMPRESSIONS", "AD_SERVER_CTR"],
};
const PAGE_SIZE = 1_000;
const FEW = 10_000;
const [, file = "", first = "1000000", only, port] = process.argv;

const READERS = {
  async longrunning(port) {
    const { createAdManagerClient } = await import("longrunning/admanager");
    const admanager = createAdManagerClient({ baseUrl: `http://127.0.0.1:${port}` });
    return { rows: admanager.reportRows(RESULT, { pageSize: PAGE_SIZE }), close: () => admanager.close() };
  },
  async table(port) {
    const { createAdManagerClient } = await import("longrunning/admanager");
    const admanager = createAdManagerClient({ baseUrl: `http://127.0.0.1:${port}` });
    const { rows } = await admanager.reportTable(RESULT, { pageSize: PAGE_SIZE });
    return { rows, close: () => admanager.close() };
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

const TITLES = {
  longrunning: "`reportRows`",
  table: "`reportTable`",
  official: "`@google-ads/admanager`, `fetchReportResultRowsAsync`",
  csv: "`longrunning rows -o rows.csv`",
};

/** Prints seconds, those of CPU time, and the peak memory in KiB at the end of a process. */
const HOOK = `data:text/javascript,const s=performance.now();process.on("exit",()=>console.error(JSON.stringify({seconds:(performance.now()-s)/1000,cpu:(process.cpuUsage().user+process.cpuUsage().system)/1e6,maxRSS:process.resourceUsage().maxRSS})))`;

/** One reader in a process of its own. */
async function read(name, rows, port) {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-rows-"));
  const command = fileURLToPath(new URL("../dist/node/src/cli/main.js", import.meta.url));
  const args =
    name === "csv"
      ? [
          command,
          "rows",
          RESULT,
          "-q",
          "-o",
          join(folder, "rows.csv"),
          "--endpoint",
          `http://127.0.0.1:${port}`,
        ]
      : [file, String(rows), name, String(port)];
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", HOOK, ...args]);
  rmSync(folder, { recursive: true });
  return JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
}

if (port === undefined) {
  const { startEmulator } = await import("longrunning/emulator");
  const many = Number(first);
  console.log(
    `| reader | rows/s, ${many.toLocaleString("en")} rows | CPU us a row | peak memory, MiB | with ${FEW.toLocaleString("en")} rows | ratio |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const name of Object.keys(TITLES).filter((each) => only === undefined || each === only)) {
    const results = [];
    for (const rows of [FEW, many]) {
      const emulator = await startEmulator({ reports: [{ ...REPORT, rows }] });
      results.push(await read(name, rows, emulator.port));
      await emulator.close();
    }
    const [few, all] = results;
    const mib = ({ maxRSS }) => Math.round(maxRSS / 1024);
    const perSecond = Math.round(many / all.seconds).toLocaleString("en");
    const cpu = ((all.cpu / many) * 1e6).toFixed(0);
    const ratio = (all.maxRSS / few.maxRSS).toFixed(2);
    console.log(`| ${TITLES[name]} | ${perSecond} | ${cpu} | ${mib(all)} | ${mib(few)} | ${ratio} |`);
  }
} else {
  const { rows, close } = await READERS[only](port);
  let count = 0;
  for await (const _ of rows) count++;
  if (count !== Number(first)) throw new Error(`read ${count} rows`);
  await close();
}
