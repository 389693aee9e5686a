// SPDX-License-Identifier: Apache-2.0

/**
 * OpenTelemetry: spans and metrics of calls, attempts and waits. Needs the optional peer dependency `@opentelemetry/api`.
 *
 * @module
 */

export type { Observer } from "./observer/observer.js";
export { openTelemetry, type Telemetry } from "./telemetry/open-telemetry.js";
export type { OpenTelemetryOptions } from "./telemetry/options.js";
