#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Sends what curl sends for the options that the guide uses: -s, -X, -H, -d and a URL.
const { request } = require("node:http");

let method;
let body;
let url = "";
const headers = { "user-agent": "curl-stand-in", accept: "*/*" };
const args = process.argv.slice(2);
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (arg === "-X") method = args.shift();
  else if (arg === "-d") body = args.shift();
  else if (arg === "-H") {
    const [, name, value] = /^([^:]+): *(.*)$/.exec(args.shift());
    headers[name] = value;
  } else if (arg !== "-s") url = arg;
}
method ??= body === undefined ? "GET" : "POST";
if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
request(url, { method, headers }, (response) => response.pipe(process.stdout)).end(body);
