// SPDX-License-Identifier: Apache-2.0
const { subjects, CANCELLED } = require("./drive.cjs");

afterEach(() => jest.useRealTimers());

const load = () =>
  subjects(require("longrunning"), require("longrunning/grpc"), require("longrunning/testing"));

test.each(Object.entries(load()))("%s", async (_name, run) => {
  jest.useFakeTimers();
  expect(await run((ms) => jest.advanceTimersByTimeAsync(ms))).toEqual(CANCELLED);
});
