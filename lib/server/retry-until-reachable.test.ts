import { Client } from "pg";
import { expect, test } from "vitest";
import { freePort } from "./database";
import { retryUntilReachable } from "./retry-until-reachable";
import { CannotStart } from "./steps";

const outage = () => Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });

test("what fails for want of a database is done again until it succeeds", async () => {
  let attempts = 0;
  const act = async () => {
    attempts++;
    if (attempts < 3) throw outage();
    return "done";
  };
  expect(await retryUntilReachable(act)).toBe("done");
  expect(attempts).toBe(3);
});

test("what fails for another reason fails at once", async () => {
  let attempts = 0;
  const act = async () => {
    attempts++;
    throw new Error("the table is not there");
  };
  await expect(retryUntilReachable(act)).rejects.toThrow("the table is not there");
  expect(attempts).toBe(1);
});

test("a database that never comes is said in one line", async () => {
  const port = await freePort(0);
  const act = async () => {
    const client = new Client({ connectionString: `postgres://a:b@127.0.0.1:${port}/c`, connectionTimeoutMillis: 500 });
    await client.connect();
  };
  const error: CannotStart = await retryUntilReachable(act, 10).catch((error) => error);
  expect(error).toBeInstanceOf(CannotStart);
  expect(error.message).toBe(`The database does not respond: connect ECONNREFUSED 127.0.0.1:${port}`);
});

test("a connection that takes too long counts as no database", async () => {
  const slow = () => Promise.reject(new Error("timeout expired"));
  await expect(retryUntilReachable(slow, 10)).rejects.toThrow("The database does not respond: timeout expired");
});
