// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Stream } from "node:http2";
import type { Delivery } from "../record.js";
import type { HttpResponse } from "./http-servers.js";

/** Calls `onOver` once, when a response was sent or never will be. */
export function watchDelivery(
  response: HttpResponse | ServerHttp2Stream,
  onOver: (delivery: Delivery) => void,
): void {
  if ("stream" in response) watchStream(response.stream, onOver);
  else if ("respond" in response) watchStream(response, onOver);
  else {
    response.once("close", () =>
      onOver({
        isComplete: response.writableFinished,
        httpStatus: response.headersSent ? response.statusCode : undefined,
      }),
    );
  }
}

function watchStream(stream: ServerHttp2Stream, onOver: (delivery: Delivery) => void): void {
  stream.on("close", () => {
    const status = stream.sentHeaders?.[":status"];
    // An aborted stream accepts data to its end, but does not send it.
    const isComplete = stream.writableFinished && !stream.aborted;
    onOver({ isComplete, httpStatus: status === undefined ? undefined : Number(status) });
  });
}
