import type { IncomingMessage } from "node:http";
import type { HeaderReader } from "../auth/requester";

/** Some clients send a body after its head, in a packet of its own. */
const waitMs = 1_000;

/** Less than what Node reads ahead (16 kB). */
const bytesMax = 8_000;

/** The announced length of a body that {@link takeBody} can take, or null when it is empty, longer or in chunks. */
export function takeableLength(headers: HeaderReader): number | null {
  const length = Number(headers.get("content-length"));
  return length > 0 && length <= bytesMax ? length : null;
}

/** Passes on a body of this length as soon as all of it is there, or null when it is not in a second; then nothing was read
 * of it. */
export function takeBody(request: IncomingMessage, length: number, done: (bytes: Buffer | null) => void): void {
  // By then Node has parsed what came together with the head.
  process.nextTick(() => {
    const bytes = wholeBody(request, length);
    if (bytes === null) waitForRest(request, length, done);
    else done(bytes);
  });
}

function waitForRest(request: IncomingMessage, length: number, done: (bytes: Buffer | null) => void): void {
  const finish = (bytes: Buffer | null) => {
    clearTimeout(timeout);
    request.off("readable", check);
    done(bytes);
  };
  const check = () => {
    const bytes = wholeBody(request, length);
    if (bytes !== null) finish(bytes);
  };
  const timeout = setTimeout(() => finish(null), waitMs);
  request.on("readable", check);
}

const wholeBody = (request: IncomingMessage, length: number): Buffer | null =>
  request.complete && request.readableLength === length ? request.read() : null;
