// SPDX-License-Identifier: Apache-2.0
import type { Metadata as GrpcJsMetadata } from "@grpc/grpc-js";
import type { GrpcCall } from "../engine.js";
import { API_CLIENT } from "../metadata.js";

/** Fills the metadata object of grpc-js, which holds the bytes of `-bin` values where the wire has base64. */
export function fillMetadata(
  target: GrpcJsMetadata,
  { routing, metadata }: Pick<GrpcCall, "routing" | "metadata">,
): void {
  target.set("x-goog-api-client", API_CLIENT);
  if (routing !== undefined) target.set("x-goog-request-params", routing);
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (!name.endsWith("-bin")) target.set(name, value);
    else for (const one of value.split(",")) target.add(name, Buffer.from(one.trim(), "base64"));
  }
}

/** Metadata of grpc-js as headers, as they were on the wire. */
export function fromGrpcJsMetadata(...received: readonly (GrpcJsMetadata | undefined)[]): Headers {
  const headers = new Headers();
  for (const metadata of received) {
    for (const name of Object.keys(metadata?.getMap() ?? {})) {
      for (const value of metadata?.get(name) ?? []) {
        headers.append(name, typeof value === "string" ? value : value.toString("base64"));
      }
    }
  }
  return headers;
}
