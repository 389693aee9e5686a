// SPDX-License-Identifier: Apache-2.0
// The rules of src/, a file each. They are one suite, since loading the compiler and parsing src/ take longer than all of them.

describe.each([
  "dependencies",
  "identifiers",
  "layers",
  "options",
  "redaction",
  "terminal",
  "testing-anywhere",
])("%s", (rule) => {
  jest.requireActual(`./source/${rule}.js`);
});
