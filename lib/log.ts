import { pino } from "pino";

/** The log of the running server: JSON lines on standard output. Never give it a header, a body, a query or a value. */
export const log = pino({ name: "tessera", level: process.env.NODE_ENV === "test" ? "silent" : "info" });
