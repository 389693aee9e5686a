// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../index.js";

/** Where a call went, as far as it helps to say what to do about its failure. */
export interface CallPlace {
  readonly baseUrl: string;
  readonly isAdManager: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** What an operator can do about a failed call, beyond what the error's own words say. */
export function adviceFor(error: CallError, place: CallPlace): string[] {
  switch (error.reason) {
    case "unauthenticated":
      return [
        "gcloud auth application-default login, or --token-file FILE, or LONGRUNNING_TOKEN; for a server without " +
          "credentials, --no-auth",
      ];
    case "invalid-argument":
      return error.requestSent ? [] : unboundAdvice(error, place);
    case "unavailable":
      return error.httpStatus === undefined ? unreachableAdvice(place) : pageAdvice(error, place);
    default:
      return pageAdvice(error, place);
  }
}

/** No HTTP rule takes the name: it is misspelt, or it is another API's. */
function unboundAdvice(error: CallError, { isAdManager }: CallPlace): string[] {
  if (!error.rawMessage.includes("none of its HTTP bindings")) return [];
  return isAdManager
    ? [
        "Ad Manager's operations are networks/*/operations/reports/runs/*; for another API, give --endpoint URL, and " +
          "--service-config FILE for its HTTP rules",
      ]
    : [
        "longrunning describe METHOD NAME shows what would be sent; --service-config FILE brings an API's HTTP rules",
      ];
}

function unreachableAdvice({ baseUrl, env }: CallPlace): string[] {
  const variable = PROXY_VARIABLES.find((name) => (env[name] ?? "") !== "");
  return [
    `nothing answered at ${baseUrl}: check --endpoint, and that the server runs`,
    ...(variable === undefined
      ? []
      : [`${variable} is set, and not used: calls go straight to the endpoint`]),
  ];
}

/** An answer that is not an API's: its words are those of an HTTP status line and the title of a page. */
function pageAdvice(error: CallError, { baseUrl }: CallPlace): string[] {
  const { message } = error.status;
  if (!/^HTTP \d{3} /.test(message)) return [];
  return [
    `the answer is a page and not an API's: check --endpoint (${baseUrl}), and whether a proxy or a load balancer stands ` +
      "in the way",
  ];
}
