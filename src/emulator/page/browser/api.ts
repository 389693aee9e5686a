// SPDX-License-Identifier: Apache-2.0

const BASE = new URL("emulator/v1", document.baseURI).href;
const TOKEN_KEY = "longrunning-control-token";

/** A request that the control API rejected. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Keeps the control token for this tab. */
export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

/** Sends one request to the control API. @throws ApiError */
export async function send(verb: string, path: string, body?: object): Promise<unknown> {
  const response = await request(path, {
    method: verb,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return response.json();
}

/** The path of an operation. */
export function operationPath(name: string): string {
  return `/operations/${name.split("/").map(encodeURIComponent).join("/")}`;
}

/** Calls `onEvent` with the data of each server-sent event until the connection ends. @throws ApiError */
export async function readEvents(
  path: string,
  onEvent: (data: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await request(path, { signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    const events = (text + chunk.value).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data !== undefined) onEvent(JSON.parse(data.slice("data: ".length)));
    }
  }
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = { ...init.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${BASE}${path}`, { ...init, headers });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(problem.error?.message ?? `HTTP ${response.status}`, response.status);
}
