import { pino } from "pino";

/** The log of the server: JSON lines on standard output. Never log a header, a body, a query or a token's value. */
export const log = pino({ name: "tessera", level: process.env.NODE_ENV === "test" ? "silent" : "info" });
