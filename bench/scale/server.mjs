// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  ListOperationsResponseSchema,
  OperationSchema,
} from "longrunning/gen/google/longrunning/operations_pb";

const MINUTE_MS = 60_000;

/**
 * A server of operations under a quota of requests a minute, with an outage. It is a transport that responds at once, so that the
 * clients are all that is simulated. Every request counts as so many of the real system: see `weights`.
 */
export function createServer({ clock, quotaPerMinute, outage, horizonMs, bucketMs, weights }) {
  const parents = new Map();
  const buckets = Array.from({ length: Math.ceil(horizonMs / bucketMs) }, () => ({ served: 0, rejected: 0 }));
  let places = 0;
  let minute = -1;
  let used = 0;

  const admit = (weight) => {
    const nowMs = clock.now();
    const bucket = buckets[Math.min(buckets.length - 1, Math.floor(nowMs / bucketMs))];
    if (Math.floor(nowMs / MINUTE_MS) !== minute) {
      minute = Math.floor(nowMs / MINUTE_MS);
      used = 0;
    }
    const isDown = nowMs >= outage.fromMs && nowMs < outage.untilMs;
    if (!isDown && used + weight <= quotaPerMinute) {
      used += weight;
      bucket.served += weight;
      return;
    }
    bucket.rejected += weight;
    if (isDown) throw new ConnectError("the server is down", Code.Unavailable);
    throw new ConnectError("quota exceeded", Code.ResourceExhausted);
  };

  const messageOf = ({ name, endMs }) => {
    const done = clock.now() >= endMs;
    return create(OperationSchema, { name, done });
  };
  const get = ({ name }) => {
    admit(weights.get);
    const operation = parents.get(name.slice(0, name.indexOf("/operations/")))?.get(name);
    if (operation === undefined) throw new ConnectError("no such operation", Code.NotFound);
    return messageOf(operation);
  };
  const list = ({ name, pageSize, pageToken }) => {
    admit(weights.page);
    // A token is the place of the last operation that was shown, so that none is skipped when one before it is dropped.
    const after = Number(pageToken || -1);
    const rest = [...(parents.get(name)?.values() ?? [])].filter(({ place }) => place > after);
    const page = rest.slice(0, pageSize);
    const nextPageToken = rest.length > pageSize ? String(page.at(-1).place) : "";
    return create(ListOperationsResponseSchema, { operations: page.map(messageOf), nextPageToken });
  };

  return {
    buckets,
    /** Begins an operation of a parent that ends by itself. */
    start: (parent, name, endMs) => {
      if (!parents.has(parent)) parents.set(parent, new Map());
      parents.get(parent).set(name, { name, endMs, place: places++ });
    },
    endOf: (parent, name) => parents.get(parent)?.get(name)?.endMs,
    /** Drops the record of an operation whose end was noticed. */
    drop: (parent, name) => parents.get(parent)?.delete(name),
    transport: {
      unary: async (method, _signal, _timeoutMs, _header, request) => ({
        stream: false,
        service: method.parent,
        method,
        header: new Headers(),
        trailer: new Headers(),
        message:
          method.name === "GetOperation" ? get(request) : list({ pageSize: 0, pageToken: "", ...request }),
      }),
      stream: () => {
        throw new ConnectError("no streams here", Code.Unimplemented);
      },
    },
  };
}
