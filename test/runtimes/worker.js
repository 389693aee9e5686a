// SPDX-License-Identifier: Apache-2.0
import { overRest } from "./life.js";

export default { fetch: async (request) => Response.json([await overRest(await request.json())]) };
