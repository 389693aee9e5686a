// SPDX-License-Identifier: Apache-2.0
import type { HttpResponse, ServerRequest } from "../server/http-servers.js";
import type { OwnHandler } from "../server/request-handler.js";
import { sendBytes, sendJson } from "../server/rest/send.js";

/** The path prefix of the page's files; the page itself is at `/`. */
const PREFIX = "/emulator/page/";

/** The response of `GET /` to a client that is not a browser. */
const OVERVIEW = {
  service: "longrunning emulator",
  protocols: ["rest", "grpc", "grpc-web", "connect"],
  control: "/emulator/v1/openapi.json",
};

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ["html", "text/html; charset=UTF-8"],
  ["css", "text/css; charset=UTF-8"],
  ["js", "text/javascript; charset=UTF-8"],
  ["svg", "image/svg+xml"],
]);

/** No script, style or connection but the emulator's own, and no other page may frame it. */
const HEADERS = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
  vary: "Accept",
};

/** Serves a page that shows and controls the emulator by its control API, to browsers; an overview in JSON to others. */
export const PAGE_HANDLER: OwnHandler = {
  serves: (verb, path) => (path === "/" && (verb === "GET" || verb === "HEAD")) || path.startsWith(PREFIX),
  handle: async (request, response, { path }) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      const error = {
        code: 405,
        message: "page: files are only read (expected GET, HEAD)",
        status: "UNIMPLEMENTED",
      };
      sendJson(response, 405, { error }, new Headers({ allow: "GET, HEAD" }));
      return;
    }
    if (path === "/" && !wantsHtml(request)) {
      sendJson(response, 200, OVERVIEW, new Headers({ vary: "Accept" }));
      return;
    }
    await sendFile(response, path === "/" ? "index.html" : path.slice(PREFIX.length));
  },
};

async function sendFile(response: HttpResponse, name: string): Promise<void> {
  const { FILES } = await import("./files.js"); // most emulators never serve their page
  const data = FILES.get(name);
  const contentType = CONTENT_TYPES.get(name.slice(name.lastIndexOf(".") + 1));
  if (data === undefined || contentType === undefined) {
    sendJson(response, 404, { error: { code: 404, message: "page: no such file", status: "NOT_FOUND" } });
    return;
  }
  sendBytes(response, 200, { contentType, data }, new Headers(HEADERS));
}

function wantsHtml({ headers }: ServerRequest): boolean {
  return (headers.accept ?? "").includes("text/html");
}
