import { pino } from "pino";

/** The log of the REST door: JSON lines on standard output. Never give it a header, a body or a query. */
export const log = pino({ name: "http", level: process.env.NODE_ENV === "test" ? "silent" : "info" });
