// SPDX-License-Identifier: Apache-2.0

// The two parts of undici that are needed here, loaded without the rest of it: a fifth of the time.
declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici";
  export default Pool;
}
declare module "undici/lib/core/connect.js" {
  import { buildConnector } from "undici";
  export default buildConnector;
}
