// SPDX-License-Identifier: Apache-2.0
import { answerFaults } from "./answer-faults.js";
import { connectionFaults } from "./connection-faults.js";
import type { Fault } from "./fault.js";
import { grpcOnlyFaults } from "./grpc-only-faults.js";
import { timingFaults } from "./timing-faults.js";

/** Everything that can go wrong between a transport and a server, and what each transport makes of it. */
export const FAULTS: readonly Fault[] = [
  ...connectionFaults,
  ...answerFaults,
  ...grpcOnlyFaults,
  ...timingFaults,
];
