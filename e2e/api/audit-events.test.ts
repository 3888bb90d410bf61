import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/db";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/prisma/cast";
import { ask, operations } from "./asking";
import { type Caller, headersOf } from "./callers";
import { fingerprint } from "./fingerprint";
import { goodQuestion, type Question } from "./questions";

// No change without its audit event: while audit events cannot be written, nothing else can be changed either.

/** They change nothing, or a row that is its own record: the job of a run. */
const withoutEvent = [
  "POST /api/v1/introspect",
  "POST /api/v1/workspaces/[repository]/[name]/runs",
  "POST /api/v1/apps/[slug]/runs",
];
/** Where the good question of an operation asks for what is so already. */
const changed: Record<string, Pick<Question, "params" | "body">> = {
  "PUT /api/v1/apps/[slug]/grants/[kind]/[name]": { params: { kind: "users", name: "olu" } },
  "PATCH /api/v1/users/[userName]": { body: { fullName: "Eve Renamed" } },
};
const changing = [...operations.keys()].filter((each) => !each.startsWith("GET ") && !withoutEvent.includes(each));

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  await pool().query(`
    CREATE FUNCTION refuse_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit events cannot be written'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON audit_events EXECUTE FUNCTION refuse_audit_event();
    ALTER TABLE audit_events DISABLE TRIGGER refuse`);
});
afterAll(closeQueue);

describe.each(changing)("%s", (operation) => {
  test("changes nothing while audit events cannot be written, and leaves one when they can", async () => {
    const isForAdministrators = /\/api\/v1\/(users|roles)/.test(operation);
    const owner: Actor = await actorOf(isForAdministrators ? "mia" : "ada", new Date());
    const caller: Caller = isForAdministrators ? "administrator" : "session";
    const question = await changingQuestion(operation, owner);
    question.headers = { ...question.headers, ...(await headersOf(caller, new Date())) };

    await pool().query("ALTER TABLE audit_events ENABLE TRIGGER refuse");
    const before = await storedData();
    const refused = await ask(operation, question);
    const after = await storedData();
    await pool().query("ALTER TABLE audit_events DISABLE TRIGGER refuse");
    expect(refused.status, await refused.text()).toBe(500);
    expect(after).toEqual(before);

    const events = await db.auditEvent.count();
    const done = await ask(operation, question);
    expect(done.status, await done.text()).toBeLessThan(300);
    expect(await db.auditEvent.count()).toBeGreaterThan(events);
  });
});

async function changingQuestion(operation: string, owner: Actor): Promise<Question> {
  const good = await goodQuestion(operation, owner);
  const { params, body } = changed[operation] ?? {};
  return { ...good, params: { ...good.params, ...params }, body: body ?? good.body };
}

/** Everything stored except the counters of attempts, which count refused requests too. */
async function storedData(): Promise<Record<string, string>> {
  const { rate_limits: _, ...stored } = await fingerprint();
  return stored;
}
