// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonValue, Message, Registry } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { Interceptor } from "@connectrpc/connect";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.js";
import { toCallError } from "../../errors/call-error.js";
import { isSecretField, REDACTED } from "../../errors/secrets.js";
import { redactSecrets } from "../../index.js";
import { encodeJson } from "../../json/encode-json.js";
import { shorten } from "../../names/shorten.js";
import type { Settings } from "../arguments/settings.js";
import { messagesFor } from "../output/streams.js";
import { REGISTRY } from "./client-options.js";

/** A message is logged up to here, in characters of its JSON. */
const MAX_BODY = 4_096;

/** The content of a type that is not known is left out, in place of the whole message. */
const ALL_TYPES: Registry = {
  ...REGISTRY,
  [Symbol.iterator]: () => REGISTRY[Symbol.iterator](),
  getMessage: (name) => REGISTRY.getMessage(name) ?? EmptySchema,
};

/**
 * The interceptor that logs the messages of every attempt, for `--log-http=body`. It is the last one, and logs once the
 * attempt has ended: what was sent as a credential is known only then.
 */
export function bodyLog({ typed, flags, context }: Settings): Interceptor[] {
  if (typed.logHttp !== "body") return [];
  const { log } = messagesFor(context, flags);
  return [
    (next) => async (request) => {
      if (request.stream) return next(request);
      const { name, input } = request.method;
      const logRequest = () => log(`${name} request: ${bodyOf(input, request.message)}`);
      try {
        const response = await next(request);
        logRequest();
        if (!response.stream) log(`${name} response: ${bodyOf(response.method.output, response.message)}`);
        return response;
      } catch (thrown) {
        const { requestSent, status } = toCallError(thrown);
        if (requestSent) {
          logRequest();
          log(`${name} error: ${bodyOf(StatusSchema, status)}`);
        }
        throw thrown;
      }
    },
  ];
}

/** Redacted before it is cut off: half a token is none that could be found. */
function bodyOf(schema: DescMessage, message: Message): string {
  return shorten(redactSecrets(JSON.stringify(redactFields(jsonOf(schema, message)))), MAX_BODY);
}

function jsonOf(schema: DescMessage, message: Message): JsonValue {
  try {
    return encodeJson(schema, message, { registry: ALL_TYPES });
  } catch {
    return `a ${schema.typeName} that is not JSON`;
  }
}

/** The JSON without the texts of fields that hold a credential by their name. */
function redactFields(json: JsonValue, name = ""): JsonValue {
  if (typeof json === "string") return json !== "" && isSecretField(name, json) ? REDACTED : json;
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => redactFields(item, name));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, redactFields(value, key)]));
}
