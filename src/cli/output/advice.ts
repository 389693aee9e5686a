// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../index.js";
import { quoted } from "../arguments/suggested-command.js";
import { nameInUrl } from "../full-name.js";

/** The destination of a call, for advice on its error. */
export interface CallPlace {
  readonly baseUrl: string;
  readonly isAdManager: boolean;
  /** The API's name, if it is in the catalogue. */
  readonly api: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The parser's code for bytes that are not HTTP/1.1. */
const NOT_HTTP = /HPE_INVALID_CONSTANT/;

/** A connection that the server ends without a response, as one of plain HTTP to a TLS port. */
const CLOSED = /ECONNRESET|closed the connection/;

/** Advice for errors of connections that could not be established, by their message. */
const CONNECTION_ADVICE: readonly (readonly [pattern: RegExp, advice: (host: string) => string])[] = [
  [
    /responded to CONNECT with HTTP 407$/,
    () => "the proxy asks for credentials: check those of HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
  ],
  [
    /\bproxy\b/i,
    (host) => `check HTTPS_PROXY, and that the proxy allows ${host}; NO_PROXY=${host} goes past it`,
  ],
  [/ALTNAME/, (host) => `the certificate is not for ${host}: check the host of --endpoint`],
  [
    /no application protocol|does not speak HTTP\/2/,
    () =>
      "no HTTP/2 is spoken there, which gRPC needs: check the port of --endpoint, or leave --transport grpc out",
  ],
  [
    /\balert\b/i,
    (host) =>
      `${host} rejected the TLS handshake: check --endpoint; the command line has no client certificate to show`,
  ],
  [/CERT_HAS_EXPIRED|NOT_YET_VALID/, () => "renew the server's certificate, or check this machine's clock"],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_/,
    () =>
      "NODE_EXTRA_CA_CERTS=FILE names the authority that signed the server's certificate, if you trust it",
  ],
  [/EPROTO|SSL routines|wrong version number/, () => "no TLS is spoken there: check the port of --endpoint"],
  [
    NOT_HTTP,
    () => "no HTTP/1.1 is spoken there: check the port of --endpoint; for a gRPC server, --transport grpc",
  ],
  [/ENOTFOUND|EAI_AGAIN/, (host) => `${host} is not known: check the host of --endpoint`],
];

/** Proxy variables that are not supported. */
const UNUSED_VARIABLES = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

const OTHER_API =
  "for another API, give --api NAME (longrunning apis lists them), or --endpoint URL with --service-config FILE for its " +
  "HTTP rules";

/** Advice on a failed call, in addition to the error's message. */
export function adviceFor(error: CallError, place: CallPlace): string[] {
  switch (error.reason) {
    case "unauthenticated":
      return [
        "gcloud auth application-default login, or --token-file FILE, or LONGRUNNING_TOKEN; for a server without " +
          "credentials, --no-auth",
      ];
    case "invalid-argument":
      return error.requestSent ? [] : nameAdvice(error, place);
    default:
      if (error.httpStatus !== undefined) return pageAdvice(error, place);
      return connectionAdvice(error, place);
  }
}

/** The versions that an error of a client of an API lists: `version: ... (expected one of v2, v3)`. */
function versionsIn(message: string): string[] {
  const [, list] = message.startsWith("version: ") ? message.split("(expected one of ", 2) : [];
  return list === undefined ? [] : list.replace(/\)$/, "").split(", ");
}

/** The name is a URL, or matches no HTTP rule: it is misspelt, or belongs to another API or version. */
function nameAdvice(error: CallError, { isAdManager, api }: CallPlace): string[] {
  const versions = versionsIn(error.rawMessage);
  if (versions.length > 0) return versions.map((version) => `--api ${api}/${version}`);
  if (error.rawMessage.startsWith("name: of another API ")) {
    return ["leave --api out: a full name says which API it is of"];
  }
  const name = nameInUrl(error.operationName ?? "");
  if (name !== undefined) return [`the name in that URL is ${name}`];
  if (isAdManager && error.rawMessage.startsWith("name: "))
    return [reportAdvice(error.operationName) ?? OTHER_API];
  if (error.method?.endsWith(".ListOperations") && error.operationName === "operations") {
    return ["longrunning list PARENT lists the operations of a parent"];
  }
  if (!error.message.includes("none of its HTTP bindings")) return [];
  return [
    "longrunning describe METHOD NAME shows what would be sent; --service-config FILE brings an API's HTTP rules",
  ];
}

/** A report, or its result, in place of one of its runs. */
function reportAdvice(name = ""): string | undefined {
  if (/^networks\/[^/]+\/reports\/[^/]+$/.test(name))
    return `that is a report: longrunning run-report ${quoted(name)}`;
  if (/^networks\/[^/]+\/reports\/[^/]+\/results\/[^/]+$/.test(name))
    return `that is a result: longrunning rows ${quoted(name)}`;
  return undefined;
}

function connectionAdvice(error: CallError, { baseUrl, isAdManager, env }: CallPlace): string[] {
  const isConnection = error.reason === "unavailable" || !error.requestSent || NOT_HTTP.test(error.message);
  if (!isConnection) return [];
  if (error.reason === "unimplemented") {
    // Not sent: the message lists the methods that there are.
    return isAdManager && !error.operationName?.startsWith("networks/") ? [OTHER_API] : [];
  }
  const { protocol, hostname } = URL.canParse(baseUrl)
    ? new URL(baseUrl)
    : { protocol: "", hostname: baseUrl };
  const [, advice] = CONNECTION_ADVICE.find(([pattern]) => pattern.test(error.message)) ?? [];
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const unused = isSet("HTTPS_PROXY") || isSet("https_proxy") ? undefined : UNUSED_VARIABLES.find(isSet);
  const mayBeTls = protocol === "http:" && CLOSED.test(error.message);
  const usual = mayBeTls
    ? `${baseUrl} closed the connection: check the port of --endpoint, and whether it expects https:`
    : `no response from ${baseUrl}: check --endpoint, and that the server runs`;
  return [
    advice?.(hostname) ?? usual,
    ...(unused === undefined || protocol !== "https:"
      ? []
      : [`${unused} is set, and not used: set HTTPS_PROXY`]),
  ];
}

/** A response that is not from an API: its message consists of an HTTP status line and the title of a page. */
function pageAdvice(error: CallError, { baseUrl }: CallPlace): string[] {
  const { message } = error.status;
  if (!/^HTTP \d{3} /.test(message)) return [];
  return [
    `the response is a page and not an API's: check --endpoint (${baseUrl}), and whether a proxy or a load balancer stands ` +
      "in the way",
  ];
}
