import { pino } from "pino";

const destination = pino.destination({ dest: 1, sync: true, maxLength: 1_000_000 });
// What cannot be written, as on a full disk, is lost: the log must not stop the server.
destination.on("error", () => undefined);

/** Log lines are JSON on standard output. */
export const makeLog = (name: string) =>
  pino({ name, level: process.env.NODE_ENV === "test" ? "silent" : "info" }, destination);

/** The log of the server. Never log a header, a body, a query or a token's value. */
export const log = makeLog("tessera");
