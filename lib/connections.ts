import { Client, Pool, type PoolClient } from "pg";
import { env } from "./env";
import { log } from "./log";

const statementTimeoutMs = 8_000;
/** Longer than PostgreSQL takes to cancel the statement; then the connection is cut. */
const answerTimeoutMs = 8_500;
/** PostgreSQL does not limit how long COMMIT waits for a standby, and the request must be answered within 10 s. */
const commitTimeoutMs = 6_000;
const suspiciousAfterMs = 800;
const checkTimeoutMs = 1_100;
/** Longer than both, so that what follows a failed connection is refused at once. Requests are answered within 3 s. */
const connectTimeoutMs = 2_000;
const checkAgainMs = 500;

/** The database is a standby, accepts no changes, or lacks changes that it had: nothing may be decided by what it says. */
export class NotPrimaryError extends Error {
  override name = "NotPrimaryError";
  readonly code = "25006";

  constructor(message = "The database is a standby or read-only.") {
    super(message);
  }
}

export const isReadOnlySql = "(pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean)";

// Prisma writes times without an offset, so the connection must be in UTC. The interval, where the platform of the server has
// it, ends statements whose client is gone, so that they do not keep locks and connections.
const prepare = `
  SELECT set_config('TimeZone', 'UTC', false), set_config('statement_timeout', '${statementTimeoutMs}', false),
    (SELECT set_config('client_connection_check_interval', '2s', false) WHERE version() ~ 'linux'),
    ${isReadOnlySql} AS "isReadOnly"`;

/** Opens a pool whose connections are to the primary and fail soon when the database does not respond. */
export function openPool(): Pool {
  const connectionString = env().databaseUrl;
  const watch = new ResponseWatch(connectionString);
  const opened = new Pool({
    connectionString,
    max: env().databaseConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    onConnect: async (client) => {
      watch.limitQueries(client as Client);
      const { rows } = await client.query(prepare);
      if (rows[0]?.isReadOnly) throw new NotPrimaryError();
    },
  });
  opened.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));
  refuseWhileSilent(opened, watch);
  return opened;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

type Asynchronous = (...args: unknown[]) => unknown;

function refuseWhileSilent(pool: Pool, watch: ResponseWatch): void {
  const connect = pool.connect.bind(pool) as Asynchronous;
  const guarded = (callback?: Connected) => {
    if (!watch.isSilent) {
      const marked: Connected | undefined =
        callback && ((error, ...rest) => callback(error && markUnsent(error), ...rest));
      const connected = watch.observe(connect, marked ? [marked] : []);
      return marked
        ? connected
        : (connected as Promise<PoolClient>).catch((error) => Promise.reject(markUnsent(error)));
    }
    const error = markUnsent(new Error("Connection terminated: the database does not respond"));
    if (!callback) return Promise.reject(error);
    process.nextTick(callback, error, undefined, () => undefined);
  };
  pool.connect = guarded as Pool["connect"];
}

const markUnsent = (error: Error): Error => Object.assign(error, { isUnsent: true });

/** Whether a statement failed because there was no connection to send it over, so that it had no effect. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Error && (Reflect.get(error, "isUnsent") === true || Reflect.get(error, "code") === "P1001");

/** Notices a database that accepts connections and answers nothing. A slow query is no sign of that, so the watch opens
 * another connection, and cuts those that wait only when that one fails too. */
class ResponseWatch {
  isSilent = false;
  #checking: Promise<boolean> | undefined;

  constructor(readonly connectionString: string) {}

  limitQueries(client: Client): void {
    const query: Asynchronous = (...args) => Reflect.apply(Client.prototype.query, client, args);
    const cut = () => void client.end();
    const limited = (...args: unknown[]) => {
      const limitMs = isCommit(args[0]) ? commitTimeoutMs : answerTimeoutMs;
      return this.observe(query, args, { cut, limitMs });
    };
    client.query = limited as Client["query"];
  }

  /** `act` returns a promise or takes a callback last. `cut` is called when the database is silent, or in `limitMs`. */
  observe(act: Asynchronous, args: unknown[], limit?: { cut: () => void; limitMs: number }): unknown {
    const settled = this.#watchUntilSettled(limit);
    const callback = args.at(-1);
    if (typeof callback === "function") {
      return act(...args.slice(0, -1), (...outcome: unknown[]) => {
        settled();
        callback(...outcome);
      });
    }
    const result = act(...args);
    if (result instanceof Promise) result.then(settled, settled);
    return result;
  }

  #watchUntilSettled(limit?: { cut: () => void; limitMs: number }): () => void {
    const timeout = limit && setTimeout(limit.cut, limit.limitMs).unref();
    let suspicion: NodeJS.Timeout;
    let isSettled = false;
    const suspectLater = () => {
      suspicion = setTimeout(async () => {
        const isResponding = await this.#responds();
        if (isSettled) return;
        if (isResponding) suspectLater();
        else limit?.cut();
      }, suspiciousAfterMs).unref();
    };
    suspectLater();
    return () => {
      isSettled = true;
      clearTimeout(timeout);
      clearTimeout(suspicion);
    };
  }

  #responds(): Promise<boolean> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(): Promise<boolean> {
    const isResponding = await isAnswered(this.connectionString);
    this.isSilent = !isResponding;
    if (this.isSilent) setTimeout(() => this.#responds(), checkAgainMs).unref();
    return isResponding;
  }
}

const isCommit = (query: unknown) =>
  (typeof query === "object" && query !== null && "text" in query ? query.text : query) === "COMMIT";

/** An error that PostgreSQL sent has a severity, and is an answer; one of class 08 comes from a pooler. A pooler accepts
 * connections while PostgreSQL is away, so a query is asked as well. */
async function isAnswered(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: checkTimeoutMs });
  client.on("error", () => undefined);
  const end = () => void client.end().catch(() => undefined);
  const timeout = setTimeout(end, checkTimeoutMs);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch (error) {
    return error instanceof Error && "severity" in error && !String(Reflect.get(error, "code")).startsWith("08");
  } finally {
    clearTimeout(timeout);
    end();
  }
}
