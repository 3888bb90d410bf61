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
  waitForBody(request, length, (isThere) => done(isThere ? request.read() : null));
}

/** Says as soon as all of a body of this length is there, without reading it, or after a second that it is not. */
export function waitForBody(request: IncomingMessage, length: number, done: (isThere: boolean) => void): void {
  // By then Node has parsed what came together with the head.
  process.nextTick(() => {
    if (isWhole(request, length)) done(true);
    else waitForRest(request, length, done);
  });
}

function waitForRest(request: IncomingMessage, length: number, done: (isThere: boolean) => void): void {
  const finish = (isThere: boolean) => {
    clearTimeout(timeout);
    request.off("readable", check);
    done(isThere);
  };
  const check = () => {
    if (isWhole(request, length)) finish(true);
  };
  const timeout = setTimeout(() => finish(false), waitMs);
  request.on("readable", check);
}

const isWhole = (request: IncomingMessage, length: number): boolean =>
  request.complete && request.readableLength === length;
