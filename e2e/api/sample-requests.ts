import { runApp } from "@/lib/apps/running";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { submitRun } from "@/lib/jobs/commands";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository, putFile } from "@/lib/repositories/commands";
import { share } from "@/lib/sharing/commands";
import { publishWorkspace } from "@/lib/workspaces/commands";
import { makeApp } from "@/testing/apps";
import { castPassword } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

/** What an operation is asked, when it is asked well. */
export interface SampleRequest {
  params?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  /** With its question mark. */
  query?: string;
}

const gaugeLevels = { repository: "Rivers", name: "gauge-levels" };
const workspaceFile = "/*---\ntitle: Trial\noutput: json\n---*/\nSELECT 1 AS one\n";

let createdCount = 0;
const fresh = (word: string) => `${word}-${++createdCount}`;

/** For each operation a good question about something of the owner's, made for it alone. */
const sampleRequests: Record<string, (owner: Actor) => Promise<SampleRequest> | SampleRequest> = {
  "POST /api/v1/tokens": ({ now }) => ({
    body: { name: fresh("asked"), expiresAt: later(now, days(1)).toISOString(), permissions: [] },
  }),
  "GET /api/v1/tokens/[id]": ownToken,
  "PATCH /api/v1/tokens/[id]": async (owner) => ({ ...(await ownToken(owner)), body: { description: "Asked." } }),
  "DELETE /api/v1/tokens/[id]": ownToken,
  "GET /api/v1/tokens/[id]/history": ownToken,
  "POST /api/v1/token-changes": async (owner) => {
    const { params } = await ownToken(owner);
    return { body: { change: "disable", ids: [params.id] } };
  },

  "GET /api/v1/authorize": () => ({ query: "?permission=repository/Rivers:publish" }),
  "POST /api/v1/introspect": ownValue,
  "POST /api/v1/revoke": ownValue,

  "GET /api/v1/workspaces/[repository]/[name]": () => ({ params: gaugeLevels }),
  "PUT /api/v1/workspaces/[repository]/[name]": () => ({
    params: gaugeLevels,
    body: workspaceFile,
    headers: { "content-type": "application/sql" },
  }),
  "DELETE /api/v1/workspaces/[repository]/[name]": async (owner) => {
    const params = { repository: "Rivers", name: fresh("trial") };
    await publishWorkspace(owner, params, workspaceFile);
    return { params };
  },
  "GET /api/v1/workspaces/[repository]/[name]/source": () => ({ params: gaugeLevels }),
  "POST /api/v1/workspaces/[repository]/[name]/runs": () => ({
    params: gaugeLevels,
    body: { parameters: {} },
    headers: { prefer: "respond-async" },
  }),
  "GET /api/v1/workspaces/[repository]/[name]/grants": () => ({ params: gaugeLevels }),
  "PUT /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": () => ({
    params: { ...gaugeLevels, kind: "users", partner: "eve" },
    body: { permissions: ["workspace/Rivers/gauge-levels:read"] },
  }),
  "DELETE /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": async (owner) => {
    const permissions = ["workspace/Rivers/gauge-levels:read"];
    await share(owner, { workspace: gaugeLevels }, { kind: "users", name: "eve" }, { permissions });
    return { params: { ...gaugeLevels, kind: "users", partner: "eve" } };
  },

  "GET /api/v1/jobs/[id]": queuedJob,
  "POST /api/v1/jobs/[id]/cancellation": queuedJob,
  "GET /api/v1/jobs/[id]/log": queuedJob,
  "GET /api/v1/jobs/[id]/result": finishedJob,

  "POST /api/v1/repositories": () => ({ body: { name: fresh("Shelf") } }),
  "GET /api/v1/repositories/[repository]": () => ({ params: { repository: "Rivers" } }),
  "DELETE /api/v1/repositories/[repository]": async (owner) => {
    const { name } = await createRepository(owner, { name: fresh("Shelf"), description: "" });
    return { params: { repository: name } };
  },
  "GET /api/v1/repositories/[repository]/files": () => ({ params: { repository: "Rivers" } }),
  "GET /api/v1/repositories/[repository]/files/[file]": dataFile,
  "PUT /api/v1/repositories/[repository]/files/[file]": () => ({
    params: { repository: "Rivers", file: fresh("levels.csv") },
    body: "day,level\nMon,90\n",
    headers: { "content-type": "text/csv" },
  }),
  "DELETE /api/v1/repositories/[repository]/files/[file]": dataFile,

  "GET /api/v1/repositories/[repository]/grants": () => ({ params: { repository: "Rivers" } }),
  "PUT /api/v1/repositories/[repository]/grants/[kind]/[name]": () => ({
    params: { repository: "Rivers", kind: "users", name: "eve" },
    body: { permissions: ["workspace/Rivers/flood-warnings:read"] },
  }),
  "DELETE /api/v1/repositories/[repository]/grants/[kind]/[name]": async (owner) => {
    const partner = { kind: "users" as const, name: "eve" };
    const permissions = ["workspace/Rivers/flood-warnings:read"];
    await share(owner, { repository: "Rivers" }, partner, { permissions });
    return { params: { repository: "Rivers", ...partner } };
  },
  "GET /api/v1/apps/[slug]/grants": async (owner) => {
    const { params } = await sharedApp(owner);
    return { params: { slug: params.slug } };
  },
  "PUT /api/v1/apps/[slug]/grants/[kind]/[name]": async (owner) => {
    const { params } = await sharedApp(owner);
    return { params, body: { permissions: [`app/${params.slug}:manage`] } };
  },
  "DELETE /api/v1/apps/[slug]/grants/[kind]/[name]": sharedApp,

  "PATCH /api/v1/account": () => ({ body: { fullName: "Somebody Else" } }),
  "PUT /api/v1/account/password": () => ({
    body: { currentPassword: castPassword, newPassword: "three herons over slow water", disableTokens: false },
  }),

  "POST /api/v1/apps": () => ({
    body: { name: fresh("asked app"), slug: fresh("asked-app"), repository: "Rivers", workspace: "gauge-levels" },
  }),
  "GET /api/v1/apps/[slug]": ownApp,
  "PATCH /api/v1/apps/[slug]": async (owner) => ({ ...(await ownApp(owner)), body: { description: "Asked." } }),
  "DELETE /api/v1/apps/[slug]": ownApp,
  "POST /api/v1/apps/[slug]/tokens": async (owner) => ({ ...(await ownApp(owner)), body: {} }),
  "POST /api/v1/app-changes": async (owner) => {
    const { params } = await ownApp(owner);
    return { body: { change: "disable", slugs: [params.slug] } };
  },
  "POST /api/v1/apps/[slug]/runs": async (owner) => ({ ...(await ownApp(owner)), body: { parameters: {} } }),
  "GET /api/v1/apps/[slug]/runs/[key]": begunAppRun,
  "GET /api/v1/apps/[slug]/runs/[key]/result": async (owner) => {
    const question = await begunAppRun(owner);
    await finishNewestJob(owner);
    return question;
  },

  "POST /api/v1/users": () => ({ body: { userName: fresh("person"), fullName: "New Person" } }),
  "GET /api/v1/users/[userName]": () => ({ params: { userName: "eve" } }),
  "PATCH /api/v1/users/[userName]": () => ({ params: { userName: "eve" }, body: { fullName: "Eve Lindqvist" } }),
  "DELETE /api/v1/users/[userName]": newcomer,
  "POST /api/v1/users/[userName]/one-time-password": newcomer,

  "POST /api/v1/roles": () => ({
    body: { name: fresh("role"), title: "Role", description: "", permissions: ["jobs:access"] },
  }),
  "GET /api/v1/roles/[role]": newRole,
  "PATCH /api/v1/roles/[role]": async () => ({ ...(await newRole()), body: { permissions: ["jobs:access"] } }),
  "DELETE /api/v1/roles/[role]": newRole,
};

/** A good question for an operation; one without path and body needs none. */
export async function validRequest(operation: string, owner: Actor): Promise<SampleRequest> {
  return (await sampleRequests[operation]?.(owner)) ?? {};
}

async function ownToken(owner: Actor) {
  const { token } = await makeToken(owner);
  return { params: { id: token.id } };
}

async function newcomer() {
  const userName = fresh("newcomer");
  await db.user.create({ data: { userName, fullName: "Newcomer", passwordChangedAt: new Date() } });
  return { params: { userName } };
}

async function ownValue(owner: Actor): Promise<SampleRequest> {
  const { value } = await makeToken(owner);
  return { body: `token=${value}`, headers: { "content-type": "application/x-www-form-urlencoded" } };
}

/** An app of the owner's, shared with Eve. */
async function sharedApp(owner: Actor) {
  const { app } = await makeApp(owner);
  const { id: appId } = await db.app.findUniqueOrThrow({ where: { slug: app.slug } });
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
  await db.grant.create({ data: { userId, resource: "app", action: "manage", appId } });
  return { params: { slug: app.slug, kind: "users", name: "eve" } };
}

async function newRole() {
  const name = fresh("role");
  await db.role.create({ data: { name, title: "Role" } });
  return { params: { role: name } };
}

async function queuedJob(owner: Actor): Promise<SampleRequest> {
  const { id } = await submitRun(owner, gaugeLevels, { parameters: {} });
  return { params: { id: String(id) } };
}

async function finishedJob(owner: Actor): Promise<SampleRequest> {
  await submitRun(owner, gaugeLevels, { parameters: {} });
  return { params: { id: String(await finishNewestJob(owner)) } };
}

async function finishNewestJob(owner: Actor): Promise<number> {
  const { id } = await db.job.findFirstOrThrow({ orderBy: { id: "desc" }, select: { id: true } });
  await db.job.update({
    where: { id },
    data: { status: "succeeded", finishedAt: owner.now, resultRows: 0, resultBytes: 2 },
  });
  await db.jobResultChunk.create({ data: { jobId: id, seq: 0, bytes: Buffer.from("[]") } });
  return id;
}

async function ownApp(owner: Actor) {
  const { app } = await makeApp(owner);
  return { params: { slug: app.slug } };
}

async function begunAppRun(owner: Actor) {
  const { params } = await ownApp(owner);
  const visitor = { address: null, agent: null, now: owner.now };
  const { key } = await runApp(visitor, params.slug, { parameters: {} });
  return { params: { ...params, key: key.reveal() } };
}

async function dataFile(owner: Actor): Promise<SampleRequest> {
  const params = { repository: "Rivers", file: fresh("levels.csv") };
  await putFile(owner, params, new Uint8Array([49, 10]));
  return { params };
}
