// SPDX-License-Identifier: Apache-2.0
// Google's own clients of some APIs, and the services that an emulator has to serve for them. It runs in the copy of this folder
// where they are installed.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { credentials } from "@grpc/grpc-js";
import { OAuth2Client } from "google-auth-library";

export { createApiClient, httpRulesOf } from "longrunning/apis";
export { startEmulator } from "longrunning/emulator";

const LOCATION = "projects/p/locations/l";
const DATABASES = "projects/p/instances/i/databases";

/** By the API's name: its official client, a method of it that starts an operation, and where that operation is. */
export const PEERS = {
  redis: {
    package: "@google-cloud/redis",
    client: "CloudRedisClient",
    service: "google.cloud.redis.v1.CloudRedis",
    start: "createInstance",
    request: { parent: LOCATION, instanceId: "r", instance: { memorySizeGb: 1, tier: 1 } },
    parent: `${LOCATION}/operations`,
    version: "v1",
  },
  spanner: {
    package: "@google-cloud/spanner-api",
    client: "DatabaseAdminClient",
    service: "google.spanner.admin.database.v1.DatabaseAdmin",
    start: "createDatabase",
    request: { parent: "projects/p/instances/i", createStatement: "CREATE DATABASE d" },
    parent: `${DATABASES}/d/operations`,
    version: "v1",
  },
  run: {
    package: "@google-cloud/run",
    client: "ServicesClient",
    service: "google.cloud.run.v2.Services",
    start: "createService",
    request: { parent: LOCATION, serviceId: "s", service: { description: "ours" } },
    parent: `${LOCATION}/operations`,
    version: "v2",
  },
};

const require = createRequire(import.meta.url);

/** The official client, at a port of this machine. */
export function officialClient({ package: name, version, client }, port, protocol) {
  const Client = require(name)[version][client];
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "not-a-secret" });
  const at = { apiEndpoint: "127.0.0.1", port, authClient };
  return protocol === "grpc"
    ? new Client({ ...at, sslCreds: credentials.createInsecure() })
    : new Client({ ...at, fallback: true, protocol: "http" });
}

/** The services of the official clients, from the protos that their packages and google-gax bring. */
export function readServices() {
  const folder = mkdtempSync(join(tmpdir(), "longrunning-protos-"));
  const protosOf = (name) => {
    const entry = require.resolve(name);
    return join(entry.slice(0, entry.indexOf(`${name}/`)), name, "build/protos");
  };
  for (const name of ["google-gax", ...Object.values(PEERS).map((peer) => peer.package)]) {
    // buf has the well-known types itself.
    const filter = (path) => !path.includes(join("google", "protobuf"));
    cpSync(join(protosOf(name), "google"), join(folder, "google"), { recursive: true, filter });
  }
  const image = join(folder, "image.binpb");
  const buf = join(dirname(require.resolve("@bufbuild/buf/package.json")), "bin/buf");
  execFileSync(process.execPath, [buf, "build", folder, "-o", image], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
  rmSync(folder, { recursive: true });
  return registry;
}
