// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "./home.js";
import {
  CREDENTIALS,
  type CredentialKind,
  EVIL,
  hostileFolder,
  MINE,
  type Network,
  RUN,
  runWith,
  SECRETS,
  startNetwork,
} from "./hostile-folder.js";

let network: Network;
beforeEach(async () => {
  network = await startNetwork();
});

const OTHER_FILE = "../secrets/other";
const AT_MINE = ["--endpoint", MINE];
const LOOPBACK = "http://127.0.0.1:PORT";
const DEFAULT = "admanager.googleapis.com";

/** What a profile of somebody else says, what is typed, and the only host that may see a credential: none when refused. */
const PROFILES: readonly [profile: string, typed: readonly string[], host?: string][] = [
  // Each key alone.
  [`endpoint: ${EVIL}`, []],
  ["endpoint: https://storage.googleapis.com", []],
  ["service-config: google.yaml", []],
  ["service-config: evil.yaml", []],
  ["http-prefix: /storage/v1\nendpoint: https://storage.googleapis.com", []],
  ["header: 'x-http-method-override: DELETE'", []],
  ["header: ['x-one: 1', 'x-goog-user-project: evil']", []],
  ["quota-project: evil", []],
  ["scopes: https://www.googleapis.com/auth/cloud-platform", []],
  [`token-file: ${OTHER_FILE}`, []],
  ["auth: true", []],
  ["allow-insecure: true", []],
  ["api: generic", AT_MINE],
  ["api: admanager", []],
  ["api: spanner", []],
  ["region: us-east1", []],
  ["transport: grpc", AT_MINE],
  // With something typed that is not the value that counts.
  [`endpoint: ${EVIL}`, ["--service-config", "google.yaml"]],
  [`endpoint: ${EVIL}`, ["--http-prefix", "/v2"]],
  [`endpoint: ${EVIL}`, ["--api", "admanager"]],
  [`endpoint: ${EVIL}`, ["--profile", "longrunning.yaml"]],
  [`endpoint: ${EVIL}`, ["--header", `authorization: Bearer ${SECRETS.typed}`]],
  [`endpoint: ${LOOPBACK}`, ["--header", `x-signature: ${SECRETS.typed}`]],
  [`endpoint: ${LOOPBACK}\nauth: true`, []],
  [`endpoint: http://x.localhost:PORT\nauth: true`, []],
  [`endpoint: ${LOOPBACK}\ntoken-file: ${OTHER_FILE}`, []],
  ["auth: true", ["--endpoint", "http://127.0.0.1:PORT"]],
  ["header: 'authorization: Bearer x'", AT_MINE],
  ["service-config: google.yaml", AT_MINE],
  ["service-config: google.yaml", ["--quota-project", "mine"]],
  ["http-prefix: /storage/v1/b", AT_MINE],
  ["quota-project: evil", AT_MINE],
  ["allow-insecure: true", ["--header", `cookie: ${SECRETS.typed}`, "--endpoint", "http://mine.example"]],
  // A file of the folder that is typed: its rules are the user's word, its host is not.
  ["{}", ["--service-config", "evil.yaml"]],
  ["{}", ["--service-config", "google.yaml", "--header", "x-one: 1"]],
  // What counts is typed, or harmless.
  [`endpoint: ${EVIL}`, AT_MINE, "mine.example"],
  ["service-config: evil.yaml", ["--service-config", "google.yaml", ...AT_MINE], "mine.example"],
  ["header: 'x-evil: 1'", ["--header", "x-one: 1"], DEFAULT],
  ["quota-project: evil", ["--quota-project", "mine"], DEFAULT],
  ["http-prefix: /evil", ["--http-prefix", "/v2", ...AT_MINE], "mine.example"],
  ["api: generic", ["--api", "admanager"], DEFAULT],
  ["api: spanner\nservice-config: evil.yaml", ["--api", "admanager"], DEFAULT],
  [`endpoint: ${EVIL}`, ["--no-profile"], DEFAULT],
  ["timeout: 1m\ninterval: 1s\nretry: 9\nconcurrency: 3\nformat: json\ncolor: never", [], DEFAULT],
];

/** The hosts that a secret was seen at, with those that only exchange a refresh token for a token. */
const leaksTo = () =>
  network.seen.filter(({ head }) => Object.values(SECRETS).some((secret) => head.includes(secret)));

test("there are 44 profiles", () => expect(PROFILES).toHaveLength(44));

/** Each profile with one kind of credential, in turn; in long tests with every kind. */
const RUNS = PROFILES.map(([profile, typed, host], index) => {
  const kinds = CREDENTIALS.filter((_, at) => at === index % 3 || process.env.LONG === "1");
  return { profile, typed, host, kinds };
});

describe.each(RUNS)("a folder with $profile and $typed typed", ({ profile, typed, host, kinds }) => {
  test.each(kinds)("has no credential (%s) sent to a host that was not typed", async (kind) => {
    const cwd = hostileFolder(profile, network);
    const args = typed.map((word) => word.replace("PORT", String(network.loopback.port)));
    // A token file that is typed would win over that of the folder.
    const credential = profile.includes("token-file") && kind === "file" ? undefined : kind;
    const { status, stderr } = await runWith(credential, ["get", RUN, ...args], { cwd, network });
    const heads = network.seen.map(({ head }) => head.toLowerCase()).join("\n");
    if (host === undefined) {
      expect(stderr).toContain(`longrunning trust ${cwd}/`);
      expect({ status, seen: network.seen, connections: network.loopback.connections }).toEqual({
        status: 2,
        seen: [],
        connections: 0,
      });
    } else {
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(new Set(leaksTo().map((request) => request.host))).toEqual(
        new Set([...(kind === "adc" ? ["oauth2.googleapis.com"] : []), host]),
      );
      expect(heads).not.toMatch(/evil/);
    }
  });
});

test.each(["", ".", "home"])("a folder is no home: HOME is %j", async (homeVariable) => {
  const cwd = hostileFolder("{}", network);
  for (const folder of ["", "home"]) {
    const own = join(cwd, folder, ".config/longrunning");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "longrunning.yaml"), `endpoint: ${EVIL}\n`);
  }
  const env = { HOME: homeVariable, XDG_CONFIG_HOME: ".config" };
  await runWith("environment", ["get", RUN], { cwd, network, env });
  expect(network.seen.map(({ host }) => host)).toEqual([DEFAULT]);
});

test("a folder without a credential in play may set where a call goes", async () => {
  const cwd = hostileFolder(`endpoint: ${LOOPBACK}\nheader: 'x-one: 1'\nquota-project: p`, network);
  const { status } = await runWith("adc", ["get", RUN], { cwd, network });
  expect(status).toBe(0);
  expect(network.seen).toEqual([{ host: "127.0.0.1", head: expect.stringContaining("x-one: 1") }]);
  expect(leaksTo()).toEqual([]);
});

test("a folder cannot hide what the user's own configuration says", async () => {
  const config = join(home(), "own-config");
  mkdirSync(join(config, "longrunning"), { recursive: true });
  writeFileSync(join(config, "longrunning/longrunning.yaml"), `endpoint: ${MINE}\n`);
  const cwd = hostileFolder("format: json", network);
  const env = { XDG_CONFIG_HOME: config };
  const { status } = await runWith("environment", ["get", RUN], { cwd, network, env });
  expect({ status, hosts: leaksTo().map(({ host }) => host) }).toEqual({
    status: 0,
    hosts: ["mine.example"],
  });
});

describe("trust", () => {
  const ALL = `endpoint: ${EVIL}\nservice-config: evil.yaml\n`;
  const trusting = (cwd: string) => {
    const env = { XDG_CONFIG_HOME: join(cwd, "..", `config-of-${cwd.split("-").pop()}`) };
    const get = (kind: CredentialKind = "environment", ...typed: string[]) =>
      runWith(kind, ["get", RUN, ...typed], { cwd, network, env });
    const trust = (...args: string[]) => runWith(undefined, ["trust", ...args], { cwd, network, env });
    return { get, trust, env };
  };

  test("lets a profile and its service configuration set everything, until one of them changes", async () => {
    const cwd = hostileFolder(ALL, network);
    const { get, trust } = trusting(cwd);
    expect((await get()).status).toBe(2);
    const rows = ["longrunning.yaml", "evil.yaml"].map((name) => `trusted    ${cwd}/${name}\n`);
    expect(await trust()).toMatchObject({ status: 0, stdout: rows.join(""), stderr: "" });
    expect((await trust("--list")).stdout.split("\n").sort()).toEqual(`${rows.join("")}`.split("\n").sort());
    expect(await get()).toMatchObject({ status: 0 });
    expect(leaksTo()).toEqual([{ host: "evil.example", head: expect.stringMatching(/^DELETE \/storage/) }]);

    writeFileSync(join(cwd, "evil.yaml"), "type: google.api.Service\nname: evil.example\n");
    expect(await get()).toMatchObject({ status: 2, stderr: expect.stringContaining(`${cwd}/evil.yaml`) });
    expect((await trust("--list")).stdout).toContain(`changed    ${cwd}/evil.yaml\n`);
    await trust();
    writeFileSync(join(cwd, "longrunning.yaml"), `${ALL}header: 'x-evil: 1'\n`);
    expect(await get()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("endpoint, service-config"),
    });
    expect(leaksTo()).toHaveLength(1);
  });

  test("is taken back, and is for this path alone", async () => {
    const cwd = hostileFolder(ALL, network);
    const { get, trust, env } = trusting(cwd);
    await trust();
    const copy = hostileFolder(ALL, network);
    const elsewhere = await runWith("environment", ["get", RUN], { cwd: copy, network, env });
    expect(elsewhere.status).toBe(2);
    expect((await trust("--revoke")).stdout).toBe(`revoked    ${cwd}/longrunning.yaml\n`);
    expect((await get()).status).toBe(2);
    expect(leaksTo()).toEqual([]);
  });

  test("of a service configuration vouches for its host", async () => {
    const cwd = hostileFolder("{}", network);
    const { get, trust } = trusting(cwd);
    const typed = ["--service-config", "google.yaml"];
    expect((await get("file", ...typed)).status).toBe(2);
    await trust("google.yaml");
    expect((await get("file", ...typed)).status).toBe(0);
    expect(leaksTo()).toEqual([{ host: "storage.googleapis.com", head: expect.any(String) }]);
  });

  test("follows links: to the user's own file it is the user's, and paths in it count from there", async () => {
    const cwd = hostileFolder("{}", network);
    const { env } = trusting(cwd);
    const own = join(env.XDG_CONFIG_HOME, "longrunning");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "longrunning.yaml"), `endpoint: ${MINE}\ntoken-file: token\n`);
    writeFileSync(join(own, "token"), SECRETS.file);
    const linked = hostileFolder("{}", network);
    const folder = join(linked, "inner");
    mkdirSync(folder);
    symlinkSync(join(own, "longrunning.yaml"), join(folder, "longrunning.yaml"));
    writeFileSync(join(folder, "token"), SECRETS.other);
    expect(await runWith(undefined, ["get", RUN], { cwd: folder, network, env })).toMatchObject({
      status: 0,
    });
    expect(leaksTo()).toEqual([{ host: "mine.example", head: expect.stringContaining(SECRETS.file) }]);
  });

  test("rejects what it cannot read or what others can write to", async () => {
    const cwd = hostileFolder("endpiont: x\n", network);
    const { trust, env } = trusting(cwd);
    expect(await trust()).toMatchObject({ status: 2, stderr: expect.stringContaining("endpiont") });
    expect(await trust("none.yaml")).toMatchObject({ status: 2 });
    expect(await trust(".")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("not a regular file"),
    });
    const store = join(env.XDG_CONFIG_HOME, "longrunning/trusted");
    mkdirSync(store, { recursive: true });
    chmodSync(store, 0o777);
    expect(await trust("google.yaml")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("not safe"),
    });
  });
});
