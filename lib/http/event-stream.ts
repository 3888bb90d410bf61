import { Refusal } from "../errors";
import { isOutage } from "../outage";
import { streamOf } from "./file-answer";

export interface ServerSentEvent {
  event: string;
  data: unknown;
  /** The client sends the last one in `Last-Event-ID` when it connects again. */
  id?: number;
}

export const eventStreamType = "text/event-stream";

/** How long a stream lasts. Proxies end connections that are silent for a minute; clients connect again by themselves. */
export const eventStreamMs = 50_000;

const retryMs = 1_000;

/** Streams events as the HTML standard defines server-sent events, with data in JSON. A refusal or an outage after the
 * start ends the stream, and the client learns the reason when it connects again. */
export function eventStream(events: AsyncIterable<ServerSentEvent>): Response {
  return new Response(streamOf(bytesOf(events)), {
    // nginx holds answers back in a buffer unless it is told not to.
    headers: { "Content-Type": eventStreamType, "X-Accel-Buffering": "no" },
  });
}

const encoder = new TextEncoder();

async function* bytesOf(events: AsyncIterable<ServerSentEvent>): AsyncGenerator<Uint8Array> {
  yield encoder.encode(`retry: ${retryMs}\n\n`);
  try {
    for await (const { event, data, id } of events) {
      const idLine = id === undefined ? "" : `id: ${id}\n`;
      yield encoder.encode(`event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
    }
  } catch (error) {
    if (!(error instanceof Refusal) && !isOutage(error)) throw error;
  }
}
