import { Client } from "pg";

/** The statements that all connections of this process send during the work. Those with which a connection begins, or
 * which ask whether the database responds, are left out. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { query } = Client.prototype;
  const sent: string[] = [];
  const counted = function (this: Client, ...args: unknown[]) {
    const [first] = args;
    sent.push(typeof first === "string" ? first : (first as { text: string }).text);
    return Reflect.apply(query, this, args);
  };
  Client.prototype.query = counted as typeof query;
  try {
    await work();
  } finally {
    Client.prototype.query = query;
  }
  return sent.flatMap((text) => text.split(";")).filter((text) => text.trim() !== "" && !ofConnection.test(text));
}

const ofConnection = /^\s*SELECT (?:1$|set_config|pid FROM pg_stat_activity)/;
