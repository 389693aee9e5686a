// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import {
  Code,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
} from "@connectrpc/connect";
import { type CallError, toCallError } from "../errors/call-error.js";
import { redactError } from "../errors/redaction.js";
import type { SecretForms } from "../errors/secrets.js";
import { rememberSecrets, sentForms } from "../errors/sent-secrets.js";
import { selectorOf } from "../names/method-name.js";
import { LazyUnaryRequest } from "../transport/call/unary-request.js";
import { createAuthorizer } from "./authorizer.js";
import { defaultCredential, type LoadAuthLibrary } from "./credential/application-default.js";
import { sourceCredential } from "./credential/auth-client.js";
import {
  apiKeyCredential,
  type Credential,
  functionCredential,
  tokenCredential,
} from "./credential/credential.js";
import { createTargetCheck } from "./destination.js";
import { afterSending } from "./error/call-errors.js";
import type { Denied } from "./error/explain.js";
import type { AuthOptions } from "./options.js";
import { type CredentialChoice, parseAuthOptions } from "./resolve-options.js";
import { scopesOf } from "./scopes.js";

/** A call as passed to an interceptor. */
type AnyRequest = UnaryRequest | StreamRequest;

/** The credential of a call that already has an authorization header. */
const OWN = { kind: "the call's own header", advice: "mint" } as const;

/**
 * Creates the interceptor that authorizes calls. This is the only place that adds a credential to a call.
 *
 * - A credential goes over TLS or to this machine only, and only to the `origins` given ({@link createTargetCheck}). A call
 *   to anywhere else fails before a token is fetched.
 * - Calls that start together share one fetch of the token. A call that fails with UNAUTHENTICATED is sent once more
 *   after a refresh, which calls that failed together share as well. A stream is not sent twice.
 * - A call that already has an `authorization` or `x-goog-api-key` header keeps it: nothing is added and nothing is
 *   retried, but its destination is still checked. Its `x-goog-user-project` takes precedence over `quotaProject`.
 * - Interceptors before this one never see the credential; those after it do, so put it last.
 *
 * @param load - loads google-auth-library, for Application Default Credentials.
 * @param owner - the function that the options were passed to, for errors.
 * @throws CallError `InvalidArgument` when an option is not usable.
 */
export function authInterceptor(options: AuthOptions, load: LoadAuthLibrary, owner: string): Interceptor {
  const setup = parseAuthOptions(owner, options);
  const credential = credentialOf(setup.credential, load);
  const checkTarget = createTargetCheck(setup.origins);
  const authorize = createAuthorizer(credential, setup);

  /** The error of `sent`, with advice and without the credential. */
  const failed = (error: unknown, sent: AnyRequest, times: number, about: Partial<Denied> = {}) => {
    const { kind, advice } = credential;
    const denied = { kind, advice, scopes: scopesOf(sent.method, setup), refresh: undefined, ...about };
    const callError = toCallError(error, { method: selectorOf(sent.method) });
    return afterSending(callError, denied, formsSentWith(sent), times);
  };
  const formsSentWith = (sent: AnyRequest) => sentForms(LazyUnaryRequest.headersOf(sent));
  const redactStream = (response: StreamResponse, sent: AnyRequest): StreamResponse => ({
    ...response,
    message: redactedMessages(response.message, () => formsSentWith(sent)),
  });

  return (next) => async (req) => {
    const endpoint = checkTarget(req);
    if (
      LazyUnaryRequest.hasHeader(req, "authorization") ||
      LazyUnaryRequest.hasHeader(req, "x-goog-api-key")
    ) {
      try {
        const response = await next(req);
        return response.stream ? redactStream(response, req) : response;
      } catch (error) {
        throw failed(error, req, 1, OWN);
      }
    }
    const abort = LazyUnaryRequest.abortOf(req);
    const call = { method: req.method, endpoint, abort };
    const granted = authorize(call);
    const first = granted instanceof Promise ? await granted : granted;
    const sent = LazyUnaryRequest.withDefaults(req, first.entries, next);
    rememberSecrets(first.entries);
    try {
      const response = await next(sent);
      return response.stream ? redactStream(response, sent) : response;
    } catch (error) {
      const rejection = toCallError(error);
      const isFinal = rejection.code !== Code.Unauthenticated || req.stream || abort.aborted;
      if (isFinal || !credential.isRefreshable()) throw failed(rejection, sent, 1);
      const second = await Promise.resolve(authorize(call, first)).catch((tokenError: CallError) => {
        if (abort.aborted) throw toCallError(abort.reason, { method: selectorOf(req.method) });
        throw failed(rejection, sent, 1, { refresh: { failed: tokenError.status.message } });
      });
      const again = LazyUnaryRequest.withDefaults(req, second.entries, next);
      rememberSecrets(second.entries);
      return next(again).catch((last: unknown) => {
        throw failed(last, again, 2, { refresh: "refused-too" });
      });
    }
  };
}

function credentialOf(choice: CredentialChoice, load: LoadAuthLibrary): Credential {
  switch (choice.kind) {
    case "default":
      return defaultCredential(load);
    case "source":
      return sourceCredential(choice.source);
    case "function":
      return functionCredential(choice.token);
    case "token":
      return tokenCredential(choice.token);
    case "api-key":
      return apiKeyCredential(choice.apiKey);
  }
}

/** The messages of a stream; if it fails, the credential is removed from the error. */
async function* redactedMessages<O extends DescMessage>(
  messages: AsyncIterable<MessageShape<O>>,
  forms: () => SecretForms,
): AsyncGenerator<MessageShape<O>, void, undefined> {
  try {
    for await (const message of messages) yield message;
  } catch (error) {
    throw redactError(error, forms());
  }
}
