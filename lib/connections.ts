import { Socket } from "node:net";
import { Client, Pool, type PoolClient } from "pg";
import { sessionSettings } from "./database-session";
import { env } from "./env";
import { log } from "./log";

const statementTimeoutMs = 8_000;
/** Longer than PostgreSQL takes to cancel the statement; then the connection is cut. */
const answerTimeoutMs = 8_500;
/** PostgreSQL does not limit how long COMMIT waits for a standby, and the request must be answered within 10 s. */
const commitTimeoutMs = 6_000;
const suspiciousAfterMs = 800;
/** After a first look that found the backend idle. */
const lookAgainAfterMs = 300;
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
  SELECT ${sessionSettings}, set_config('statement_timeout', '${statementTimeoutMs}', false),
    (SELECT set_config('client_connection_check_interval', '2s', false) WHERE version() ~ 'linux'),
    pg_backend_pid() AS pid, ${isReadOnlySql} AS "isReadOnly"`;

/** Backends of this role that work on a statement. Without track_activities, their state is "disabled". */
const busyBackends = "SELECT pid FROM pg_stat_activity WHERE usename = current_user AND state NOT LIKE 'idle%'";

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
      const opened = watch.limitQueries(client as Client);
      const { rows } = await client.query(prepare);
      if (rows[0]?.isReadOnly) throw new NotPrimaryError();
      opened.pid = rows[0]?.pid;
    },
  });
  opened.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));
  refuseWhileSilent(opened, watch);
  return opened;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

type Asynchronous = (...args: unknown[]) => unknown;

function refuseWhileSilent(pool: Pool, watch: ResponseWatch): void {
  const connect = pool.connect.bind(pool) as (callback: Connected) => void;
  const connectFresh = (callback: Connected) =>
    connect((error, client, done) => {
      if (!client || !watch.isSuspect(client)) return callback(error, client, done);
      done(true);
      connectFresh(callback);
    });
  const guarded = (callback?: Connected) => {
    if (!callback) {
      return new Promise((resolve, reject) => guarded((error, client) => (error ? reject(error) : resolve(client))));
    }
    const marked: Connected = (error, ...rest) => callback(error && markUnsent(error), ...rest);
    if (!watch.isSilent) return watch.observe(connectFresh as Asynchronous, [marked]);
    const error = markUnsent(new Error("Connection terminated: the database does not respond"));
    process.nextTick(callback, error, undefined, () => undefined);
  };
  pool.connect = guarded as Pool["connect"];
}

const markUnsent = (error: Error): Error => Object.assign(error, { isUnsent: true });

/** Whether a statement failed because there was no connection to send it over, so that it had no effect. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Error && (Reflect.get(error, "isUnsent") === true || Reflect.get(error, "code") === "P1001");

interface Opened {
  atMs: number;
  /** Of its backend, once that is known. */
  pid?: number;
}

interface Limit {
  cut: () => void;
  limitMs: number;
  opened: Opened;
}

/** How often in a row a backend must be seen idle before its connection counts as lost. */
const idleLooksMax = 2;

/** Notices a database that accepts connections and answers nothing. A slow query is no sign of that, so the watch opens
 * another connection, and cuts those that wait when that one fails too, or when it says that their backend has nothing to
 * do: then packets were lost, as after a failover of a firewall. */
class ResponseWatch {
  isSilent = false;
  readonly #opened = new WeakMap<object, Opened>();
  #lostAtMs = Number.NEGATIVE_INFINITY;
  #checking: Promise<Check> | undefined;

  constructor(readonly connectionString: string) {}

  limitQueries(client: Client): Opened {
    const opened: Opened = { atMs: performance.now() };
    this.#opened.set(client, opened);
    const query: Asynchronous = (...args) => Reflect.apply(Client.prototype.query, client, args);
    const cut = () => void client.end();
    const limited = (...args: unknown[]) => {
      const limitMs = isCommit(args[0]) ? commitTimeoutMs : answerTimeoutMs;
      return this.observe(query, args, { cut, limitMs, opened });
    };
    client.query = limited as Client["query"];
    return opened;
  }

  /** Whether another connection was found lost since this one was opened: it is probably lost too. */
  isSuspect(client: object): boolean {
    return (this.#opened.get(client)?.atMs ?? Number.POSITIVE_INFINITY) < this.#lostAtMs;
  }

  /** `act` returns a promise or takes a callback last. `cut` is called when the database is silent, the connection is lost,
   * or in `limitMs`. */
  observe(act: Asynchronous, args: unknown[], limit?: Limit): unknown {
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

  #watchUntilSettled(limit?: Limit): () => void {
    const timeout = limit && setTimeout(limit.cut, limit.limitMs).unref();
    let suspicion: NodeJS.Timeout;
    let isSettled = false;
    let idleLooks = 0;
    const suspectLater = (afterMs: number) => {
      suspicion = setTimeout(async () => {
        const { isResponding, busy } = await this.#check();
        if (isSettled) return;
        idleLooks = isIdle(limit?.opened.pid, busy) ? idleLooks + 1 : 0;
        if (idleLooks === idleLooksMax) this.#lostAtMs = performance.now();
        if (isResponding && idleLooks < idleLooksMax)
          suspectLater(idleLooks > 0 ? lookAgainAfterMs : suspiciousAfterMs);
        else limit?.cut();
      }, afterMs).unref();
    };
    suspectLater(suspiciousAfterMs);
    return () => {
      isSettled = true;
      clearTimeout(timeout);
      clearTimeout(suspicion);
    };
  }

  #check(): Promise<Check> {
    this.#checking ??= this.#checkOnce().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #checkOnce(): Promise<Check> {
    const check = await askAnother(this.connectionString);
    this.isSilent = !check.isResponding;
    if (this.isSilent) setTimeout(() => this.#check(), checkAgainMs).unref();
    return check;
  }
}

interface Check {
  isResponding: boolean;
  /** The backends that work on a statement; null when they are not known. */
  busy: ReadonlySet<number> | null;
}

const isIdle = (pid: number | undefined, busy: Check["busy"]) => pid !== undefined && busy !== null && !busy.has(pid);

const isCommit = (query: unknown) =>
  (typeof query === "object" && query !== null && "text" in query ? query.text : query) === "COMMIT";

/** An error that PostgreSQL sent has a severity, and is an answer; one of class 08 comes from a pooler. A pooler accepts
 * connections while PostgreSQL is away, so a query is asked as well. */
async function askAnother(connectionString: string): Promise<Check> {
  const socket = new Socket();
  const client = new Client({ connectionString, stream: () => socket });
  client.on("error", () => undefined);
  const giveUp = () => void socket.destroy(new Error("The database does not respond"));
  const cancel = callAfterOwnTime(checkTimeoutMs, giveUp);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(busyBackends);
    return { isResponding: true, busy: new Set(rows.map(({ pid }) => pid)) };
  } catch (error) {
    const isAnswer =
      error instanceof Error && "severity" in error && !String(Reflect.get(error, "code")).startsWith("08");
    return { isResponding: isAnswer, busy: null };
  } finally {
    cancel();
    client.end().catch(() => undefined);
  }
}

const slices = 10;

/** Calls back after this time, of which a delay of this process itself counts as little: answers that came meanwhile are
 * read first, because Node reads between two timers. Returns a function that cancels it. */
function callAfterOwnTime(ms: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number) => {
    timer = setTimeout(() => (left === 1 ? act() : wait(left - 1)), ms / slices);
  };
  wait(slices);
  return () => clearTimeout(timer);
}
