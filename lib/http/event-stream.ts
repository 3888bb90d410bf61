import { Refusal } from "../errors";
import { isOutage } from "../outage";

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
  const iterator = textsOf(events);
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.(undefined);
    },
  });
  return new Response(stream, {
    // nginx holds answers back in a buffer unless it is told not to.
    headers: { "Content-Type": eventStreamType, "X-Accel-Buffering": "no" },
  });
}

const encoder = new TextEncoder();

async function* textsOf(events: AsyncIterable<ServerSentEvent>): AsyncGenerator<string> {
  yield `retry: ${retryMs}\n\n`;
  try {
    for await (const { event, data, id } of events) {
      const idLine = id === undefined ? "" : `id: ${id}\n`;
      yield `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`;
    }
  } catch (error) {
    if (!(error instanceof Refusal) && !isOutage(error)) throw error;
  }
}
