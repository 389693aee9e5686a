// SPDX-License-Identifier: Apache-2.0
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { overRest, overTransport } from "./life.js";

globalThis.live = async ([rest, web]) => [
  await overRest(rest),
  await overTransport(createGrpcWebTransport({ baseUrl: web.baseUrl }), web),
];
