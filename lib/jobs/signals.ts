import { Client } from "pg";
import { env } from "../env";
import { type JobSignal, jobChannel } from "./queue";

type Listener = (signal: JobSignal) => void;

/** One connection that listens, for the whole process; null while nobody wants to hear. */
interface Ear {
  listeners: Set<Listener>;
  client: Client | null;
  retry: NodeJS.Timeout | null;
}

const shared = globalThis as unknown as { tesseraEar?: Ear };
const ear = (): Ear => {
  shared.tesseraEar ??= { listeners: new Set(), client: null, retry: null };
  return shared.tesseraEar;
};

const retryMilliseconds = 1_000;

/**
 * Hears what becomes of jobs, on any instance. Signals can be lost when the connection is: they spare waiting, they do not
 * replace looking.
 *
 * @returns stops hearing
 */
export function onJobSignal(listener: Listener): () => void {
  ear().listeners.add(listener);
  connect();
  return () => {
    ear().listeners.delete(listener);
    if (ear().listeners.size === 0) hangUp();
  };
}

function connect(): void {
  if (ear().client || ear().retry) return;
  const client = new Client({ connectionString: env().databaseUrl, connectionTimeoutMillis: 2_000, keepAlive: true });
  ear().client = client;
  client.on("notification", ({ payload }) => {
    const signal = JSON.parse(payload ?? "") as JobSignal;
    for (const listener of ear().listeners) listener(signal);
  });
  client.on("error", () => lost(client));
  client.on("end", () => lost(client));
  client
    .connect()
    .then(() => client.query(`LISTEN ${jobChannel}`))
    .catch(() => lost(client));
}

/** Tries again for as long as somebody wants to hear. */
function lost(client: Client): void {
  if (ear().client !== client) return;
  hangUp();
  ear().retry = setTimeout(() => {
    ear().retry = null;
    if (ear().listeners.size > 0) connect();
  }, retryMilliseconds);
  ear().retry?.unref();
}

function hangUp(): void {
  const { client } = ear();
  ear().client = null;
  client?.end().catch(() => undefined);
}
