// SPDX-License-Identifier: Apache-2.0
export type { ApiVersionOptions } from "./apis/api-rules.js";
export { httpRulesOf } from "./apis/api-rules.js";
export { apiOf, baseUrlOf } from "./apis/called-api.js";
export type { Api, ApiVersion } from "./apis/catalogue.js";
export { apis } from "./apis/catalogue.js";
export type { ApiClient, ApiClientOptions } from "./apis/client.js";
export { createApiClient } from "./apis/client.js";
export type { FullOperationName } from "./apis/full-name.js";
export { operationOf } from "./apis/full-name.js";
