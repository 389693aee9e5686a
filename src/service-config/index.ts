// SPDX-License-Identifier: Apache-2.0
export { httpRulesFromServiceConfig, type ServiceConfigHttpRules } from "./http-rules.js";
export { ServiceConfigError } from "./service-config-error.js";
