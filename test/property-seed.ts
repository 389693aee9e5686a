// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";

const { SEED } = process.env;
if (SEED !== undefined) fc.configureGlobal({ seed: Number(SEED) });
