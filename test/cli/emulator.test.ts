// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { file_library_v1_library } from "../any-service/gen/library/v1/library_pb.js";
import { root } from "../architecture/source-files.js";
import { descriptorSetOf } from "../emulator/descriptor-set.js";
import { home } from "./home.js";
import { startHost } from "./host.js";
import { beginHere, runHere, wordsOf } from "./in-process.js";

/** Runs an emulator by its flags, and ends it. */
async function withEmulator(
  flags: readonly string[],
  act: (baseUrl: string) => Promise<void>,
): Promise<void> {
  const { kill, said, ended } = beginHere(["emulator", "--port", "0", "--format", "ndjson", ...flags]);
  const { baseUrl } = JSON.parse(await said("baseUrl"));
  await act(baseUrl);
  kill("SIGTERM");
  expect(await ended).toMatchObject({ status: 0, stderr: "" });
}

const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;

test("--api serves the names of an API, in all of its versions", async () => {
  const spanner = "projects/p/instances/i/databases/d/operations/1";
  const run1 = "projects/p/locations/l/operations/2";
  const flags = ["--api", "spanner", "--api", "run.googleapis.com", "--start", spanner, "--start", run1];
  await withEmulator(flags, async (baseUrl) => {
    expect(await statusOf(`${baseUrl}/v1/${spanner}`)).toBe(200);
    expect(await statusOf(`${baseUrl}/v1/${spanner}:cancel`, { method: "POST" })).toBe(200);
    expect(await statusOf(`${baseUrl}/v2/${run1}`)).toBe(200);
    expect(await statusOf(`${baseUrl}/v1/projects/p/things/1`)).toBe(404);
  });
});

test("--rows makes so many rows of a report's result", async () => {
  writeFileSync(join(home(), "at-once.yaml"), "report-runs: { duration: 0s }\n");
  await withEmulator(["--rows", "12", "--script", "at-once.yaml"], async (baseUrl) => {
    await fetch(`${baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
    const response = await fetch(`${baseUrl}/v1/networks/1/reports/2/results/1:fetchRows?pageSize=5`);
    expect(await response.json()).toMatchObject({ totalRowCount: 12, nextPageToken: "rows-5" });
    expect(await statusOf(`${baseUrl}/v1/networks/1/reports/2/results/3:fetchRows`)).toBe(404);
  });
  const { status, stderr } = await runHere(["emulator", "--port", "0", "--rows", "many"]);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("Expected a number of rows"),
  });
});

const SPANNER = "projects/p/instances/i/databases/d/operations/o";

test.each<[string, string[], flag: string]>([
  ["a report run", ["--start", "networks/1/operations/reports/runs/2"], ""],
  ["a plain name", ["--start", "operations/import"], ""],
  ["a name that Ad Manager does not have", ["--start", "networks/1/imports/2"], "--transport grpc"],
  ["a name of an API that is served", ["--api", "spanner", "--start", SPANNER], "--api spanner"],
  ["a name of no API that is served", ["--api", "run", "--start", SPANNER], "--transport grpc"],
  [
    "a name of the second API, in one version",
    ["--api", "run", "--api", "dataproc/v1", "--start", "projects/p/regions/r/operations/o"],
    "--api dataproc/v1",
  ],
  [
    "an API without a cancel",
    ["--api", "run", "--start", "projects/p/locations/l/operations/o"],
    "--transport grpc",
  ],
  ["a name below a prefix", ["--http-prefix", "/v3", "--start", "foo/bar"], "--http-prefix /v3"],
  ["a name with a blank", ["--start", "foo/b r"], "--transport grpc"],
  ["TLS", ["--tls-self-signed", "ca.pem", "--start", SPANNER], "--transport grpc"],
])(
  "the hint for a started operation cancels it: %s",
  async (_, flags, flag) => {
    const emulator = beginHere(["emulator", "--port", "0", ...flags]);
    await emulator.said("--wait --endpoint");
    const [, authority, hint = ""] =
      /(?:try: | {5})(?:NODE_EXTRA_CA_CERTS=(\S+) )?longrunning (cancel .*)/.exec(emulator.printed()) ?? [];
    expect(hint).toContain(`${flag} --wait --endpoint`);
    const runHint = authority === undefined ? runHere : startHost({ NODE_EXTRA_CA_CERTS: authority }).run;
    const { status, stderr } = await runHint(wordsOf(hint));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    emulator.kill("SIGTERM");
    await emulator.ended;
  },
  60_000,
);

test.each<[string[], string, boolean]>([
  [[], "longrunning cancel NAME --wait", true],
  [["--api", "spanner"], "longrunning cancel NAME --api spanner --wait", false],
  [["--api", "spanner", "--api", "admanager/v1"], "longrunning cancel NAME --api spanner --wait", true],
])("the hints of an emulator with %j", async (flags, cancel, hasReport) => {
  const { kill, said, ended } = beginHere(["emulator", "--port", "0", ...flags]);
  await said("--wait --endpoint");
  kill("SIGTERM");
  const { stderr } = await ended;
  expect(stderr).toContain(cancel);
  expect(stderr.includes("longrunning run-report")).toBe(hasReport);
});

test("an API that is not known is an error with the nearest names", async () => {
  const { status, stderr } = await runHere(["emulator", "--port", "0", "--api", "spaner"]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/--api: unknown \(got "spaner"; did you mean spanner/);
});

test("--http-prefix serves operations of any name", async () => {
  const name = "projects/p/locations/l/operations/7";
  await withEmulator(["--http-prefix", "/v1", "--start", name], async (baseUrl) => {
    expect(await (await fetch(`${baseUrl}/v1/${name}`)).json()).toMatchObject({ name });
    const waited = await fetch(`${baseUrl}/v1/${name}:wait?timeout=0.01s`, { method: "POST" });
    expect(await waited.json()).toMatchObject({ name });
  });
});

test("--service-config serves what its rules say", async () => {
  writeFileSync(
    join(home(), "service.yaml"),
    "type: google.api.Service\nname: example.googleapis.com\nhttp:\n  rules:\n" +
      "  - selector: google.longrunning.Operations.GetOperation\n    get: '/v3/{name=jobs/*}'\n",
  );
  await withEmulator(["--service-config", "service.yaml", "--start", "jobs/1"], async (baseUrl) => {
    expect(await statusOf(`${baseUrl}/v3/jobs/1`)).toBe(200);
  });
});

test("--descriptor-set serves its services, and the script says what their methods start", async () => {
  writeFileSync(join(home(), "image.binpb"), descriptorSetOf(file_library_v1_library));
  writeFileSync(
    join(home(), "library.yaml"),
    "methods:\n- method: library.v1.Library.RebindBooks\n  duration: 0s\n  response: { title: Moby-Dick }\n",
  );
  await withEmulator(["--descriptor-set", "image.binpb", "--script", "library.yaml"], async (baseUrl) => {
    const started = await fetch(`${baseUrl}/v1/shelves/1/books:rebind`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(await started.json()).toMatchObject({ done: true, response: { title: "Moby-Dick" } });
  });
});

test("docs/cli.md explains every flag of the emulator", async () => {
  const { stdout } = await runHere(["emulator", "--help"]);
  const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag = ""]) => flag);
  expect(flags.length).toBeGreaterThan(15);
  const text = readFileSync(join(root, "docs/cli.md"), "utf8");
  expect(flags.filter((flag) => flag !== "--help" && !text.includes(flag))).toEqual([]);
});

test.each([
  ["v1", '--http-prefix: not a path (got "v1"; expected one such as /v1)'],
  ["/", '(got "/"'],
  ["/v1/", '(got "/v1/"'],
  ["/v1?x", '(got "/v1?x"'],
  ["/../v1", '(got "/../v1"'],
  ["/{x}", '(got "/{x}"'],
  ["", '(got ""'],
])("--http-prefix %j is an error of usage", async (prefix, message) => {
  const { status, stderr } = await runHere(["emulator", "--port", "0", "--http-prefix", prefix]);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
});

test("--tls-self-signed replaces its own file, and nothing else", async () => {
  const flags = ["--tls-self-signed", "authority.pem"];
  const path = join(home(), "authority.pem");
  await withEmulator(flags, async () => undefined);
  const first = readFileSync(path, "utf8");
  await withEmulator(flags, async () => undefined);
  expect(readFileSync(path, "utf8")).not.toBe(first);
  for (const text of ["-----BEGIN PRIVATE KEY-----\n", `${first}-----BEGIN PRIVATE KEY-----\n`, "notes\n"]) {
    writeFileSync(path, text);
    const { status, stderr } = await runHere(["emulator", "--port", "0", ...flags]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining("something else in it"),
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  }
});

test.each([
  [["--host", ""], "host: invalid value (got"],
  [["--tls-cert", "empty", "--tls-key", "empty"], "tls.cert: cannot be used ("],
  [["--descriptor-set", "empty"], "it has no files"],
])("the emulator does not start with %j", async (flags, message) => {
  writeFileSync(join(home(), "empty"), "");
  const { status, stderr } = await runHere(["emulator", "--port", "0", ...flags]);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
});
