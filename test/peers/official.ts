// SPDX-License-Identifier: Apache-2.0
import { ReportServiceClient } from "@google-ads/admanager";
import { credentials } from "@grpc/grpc-js";
import { OAuth2Client } from "google-auth-library";

/** Credentials that need no server to be had from. */
export function signedIn(): OAuth2Client {
  // The engine is given since Jest cannot follow gaxios' dynamic import of its own.
  const client = new OAuth2Client({ transporterOptions: { fetchImplementation: fetch } });
  client.setCredentials({ access_token: "not-a-secret" });
  return client;
}

/** The official client of Ad Manager's reports, over REST, on a port of this machine. */
export function officialReports(port: number): ReportServiceClient {
  return new ReportServiceClient({
    apiEndpoint: "127.0.0.1",
    port,
    protocol: "http",
    // Typed by google-gax's own copy of google-auth-library; the two are alike where it matters.
    authClient: signedIn() as never,
  });
}

/** The same client over gRPC. */
export function officialReportsOverGrpc(port: number): ReportServiceClient {
  return new ReportServiceClient({
    fallback: false,
    apiEndpoint: "127.0.0.1",
    port,
    sslCreds: credentials.createInsecure(),
    authClient: signedIn() as never,
  });
}

interface HttpAnnotation {
  readonly "(google.api.http)"?: Record<string, string>;
}

/** What of protobufjs' Root a user needs to patch a rule. */
interface ProtoRoot {
  lookup(selector: string): { parsedOptions?: readonly HttpAnnotation[] } | null;
}

/** Replaces a method's rule in the protos that google-gax reads its rules from. */
export function patchRule(root: unknown, selector: string, rule: Record<string, string>): void {
  for (const option of (root as ProtoRoot).lookup(selector)?.parsedOptions ?? []) {
    const http = option["(google.api.http)"];
    if (http === undefined) continue;
    for (const key of Object.keys(http)) delete http[key];
    Object.assign(http, rule);
  }
}
