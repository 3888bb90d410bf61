import { Client } from "pg";
import { env } from "../env";
import { perProcess } from "../per-process";
import { type JobSignal, jobChannel, processTag } from "./queue";

/** How a job succeeded in this process. `content` is its result, if that is small. */
export interface JobEnd {
  startedAt: Date;
  finishedAt: Date;
  rows: number;
  bytes: number;
  content: Uint8Array<ArrayBuffer> | null;
}

type Listener = (signal: JobSignal, end?: JobEnd) => void;

interface NotifyConnection {
  listeners: Set<Listener>;
  client: Client | null;
  retry: NodeJS.Timeout | null;
}

const notifyConnection = perProcess<NotifyConnection>("job signals", () => ({
  listeners: new Set(),
  client: null,
  retry: null,
}));

const retryMs = 1_000;

/** Calls the listener when a job's status changes, on any instance, until the returned function is called. Signals are
 * lost while the connection is down, so listeners must poll as well. */
export function onJobSignal(listener: Listener): () => void {
  notifyConnection().listeners.add(listener);
  connect();
  return () => {
    notifyConnection().listeners.delete(listener);
    if (notifyConnection().listeners.size === 0) disconnect();
  };
}

/** Calls the listeners of this process. The end of a job is passed on once it is committed. */
export function signalHere(signal: JobSignal, end?: JobEnd): void {
  for (const listener of notifyConnection().listeners) listener(signal, end);
}

function connect(): void {
  if (notifyConnection().client || notifyConnection().retry) return;
  const client = new Client({ connectionString: env().databaseUrl, connectionTimeoutMillis: 2_000, keepAlive: true });
  notifyConnection().client = client;
  client.on("notification", ({ payload }) => {
    const signal = JSON.parse(payload ?? "") as JobSignal;
    if (signal.by !== processTag()) signalHere(signal);
  });
  client.on("error", () => reconnect(client));
  client.on("end", () => reconnect(client));
  client
    .connect()
    .then(() => client.query(`LISTEN ${jobChannel}`))
    .catch(() => reconnect(client));
}

function reconnect(client: Client): void {
  if (notifyConnection().client !== client) return;
  disconnect();
  notifyConnection().retry = setTimeout(() => {
    notifyConnection().retry = null;
    if (notifyConnection().listeners.size > 0) connect();
  }, retryMs);
  notifyConnection().retry?.unref();
}

function disconnect(): void {
  const { client } = notifyConnection();
  notifyConnection().client = null;
  client?.end().catch(() => undefined);
}
