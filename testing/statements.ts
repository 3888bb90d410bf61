import { AsyncLocalStorage } from "node:async_hooks";
import { Client } from "pg";

const recording = new AsyncLocalStorage<string[]>();

type Query = (this: Client, ...args: unknown[]) => unknown;

const query = Client.prototype.query as Query;
Client.prototype.query = function (this: Client, ...args: unknown[]) {
  const [statement] = args;
  const text = typeof statement === "string" ? statement : (statement as { text: string }).text;
  recording.getStore()?.push(text.replaceAll(/\s+/g, " ").trim());
  return Reflect.apply(query, this, args);
} as typeof Client.prototype.query;

/** Does work, and returns the statements that it and what it started sent to PostgreSQL so far. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  await recording.run(statements, work);
  return statements;
}
