import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/db";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeUnusedBytes } from "@/testing/remove-unused-bytes";
import { type Caller, headersOf } from "./callers";
import { fingerprint } from "./fingerprint";
import { operations, sendTo } from "./operations";
import { type SampleRequest, validRequest } from "./sample-requests";

// No change without its audit event: while audit events cannot be written, nothing else can be changed either.

/** They change nothing, or a row that is its own record: the job of a run. */
const operationsWithoutEvent = [
  "POST /api/v1/introspect",
  "POST /api/v1/workspaces/[repository]/[name]/runs",
  "POST /api/v1/apps/[slug]/runs",
  // The bytes of an upload are stored as they arrive; the file that its last part makes has an event (uploads.test.ts).
  "PATCH /api/v1/uploads/[upload]",
  "DELETE /api/v1/uploads/[upload]",
];
/** Where the sample request of an operation asks for what is the case already. */
const otherRequests: Record<string, Pick<SampleRequest, "params" | "body">> = {
  "PUT /api/v1/apps/[slug]/grants/[kind]/[name]": { params: { kind: "users", name: "olu" } },
  "PATCH /api/v1/users/[userName]": { body: { fullName: "Eve Renamed" } },
};
const changeOperations = [...operations.keys()].filter(
  (each) => !each.startsWith("GET ") && !operationsWithoutEvent.includes(each),
);

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

describe.each(changeOperations)("%s", (operation) => {
  test("changes nothing while audit events cannot be written, and leaves one when they can", async () => {
    const isForAdministrators = /\/api\/v1\/(users|roles)/.test(operation);
    const owner: Actor = await actorOf(isForAdministrators ? "mia" : "ada", new Date());
    const caller: Caller = isForAdministrators ? "administrator" : "session";
    const request = await requestOfChange(operation, owner);
    request.headers = { ...request.headers, ...(await headersOf(caller, new Date())) };

    // Bytes of a refused upload have no name, and are left to the sweep.
    await removeUnusedBytes();
    await pool().query("ALTER TABLE audit_events ENABLE TRIGGER refuse");
    const before = await storedData();
    const refused = await sendTo(operation, request);
    await removeUnusedBytes();
    const after = await storedData();
    await pool().query("ALTER TABLE audit_events DISABLE TRIGGER refuse");
    expect(refused.status, await refused.text()).toBe(500);
    expect(after).toEqual(before);

    const events = await db.auditEvent.count();
    const done = await sendTo(operation, request);
    expect(done.status, await done.text()).toBeLessThan(300);
    expect(await db.auditEvent.count()).toBeGreaterThan(events);
  });
});

async function requestOfChange(operation: string, owner: Actor): Promise<SampleRequest> {
  const sample = await validRequest(operation, owner);
  const { params, body } = otherRequests[operation] ?? {};
  return { ...sample, params: { ...sample.params, ...params }, body: body ?? sample.body };
}

/** Everything stored except the counters of attempts, which count refused requests too. */
async function storedData(): Promise<Record<string, string>> {
  const { rate_limits: _, ...stored } = await fingerprint();
  return stored;
}
