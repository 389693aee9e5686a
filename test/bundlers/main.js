// SPDX-License-Identifier: Apache-2.0
import { cancelOne } from "./program.js";

const [baseUrl, name] = globalThis.process.argv.slice(2);
cancelOne(baseUrl, name).then((result) => console.log(JSON.stringify(result)));
