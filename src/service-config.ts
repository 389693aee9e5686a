// SPDX-License-Identifier: Apache-2.0
export { httpRulesFromServiceConfig, type ServiceConfigHttpRules } from "./service-config/http-rules.js";
export { ServiceConfigError } from "./service-config/source.js";
