import { runApp } from "@/lib/apps/running";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { submitRun } from "@/lib/jobs/commands";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { createUpload } from "@/lib/repositories/uploads";
import { share } from "@/lib/sharing/commands";
import { publishWorkspace } from "@/lib/workspaces/commands";
import { makeApp } from "@/testing/apps";
import { castPassword } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

/** A valid request to an operation. */
export interface SampleRequest {
  params?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  /** Including its question mark. */
  query?: string;
}

const gaugeLevels = { repository: "Rivers", name: "gauge-levels" };
const workspaceFile = "/*---\ntitle: Trial\noutput: json\n---*/\nSELECT 1 AS one\n";

let createdCount = 0;
const uniqueName = (word: string) => `${word}-${++createdCount}`;

/** Prepares for each operation a valid request about something of the owner's, which is created for it. */
const sampleRequests: Record<string, (owner: Actor) => Promise<SampleRequest> | SampleRequest> = {
  "POST /api/v1/tokens": ({ now }) => ({
    body: { name: uniqueName("asked"), expiresAt: later(now, days(1)).toISOString(), permissions: [] },
  }),
  "GET /api/v1/tokens/[id]": createOwnToken,
  "PATCH /api/v1/tokens/[id]": async (owner) => ({ ...(await createOwnToken(owner)), body: { description: "Asked." } }),
  "DELETE /api/v1/tokens/[id]": createOwnToken,
  "GET /api/v1/tokens/[id]/history": createOwnToken,
  "POST /api/v1/token-changes": async (owner) => {
    const { params } = await createOwnToken(owner);
    return { body: { change: "disable", ids: [params.id] } };
  },

  "GET /api/v1/authorize": () => ({ query: "?permission=repository/Rivers:publish" }),
  "POST /api/v1/introspect": createOwnValue,
  "POST /api/v1/revoke": createOwnValue,

  "GET /api/v1/workspaces/[repository]/[name]": () => ({ params: gaugeLevels }),
  "PUT /api/v1/workspaces/[repository]/[name]": () => ({
    params: gaugeLevels,
    body: workspaceFile,
    headers: { "content-type": "application/sql" },
  }),
  "PATCH /api/v1/workspaces/[repository]/[name]": async (owner) => {
    const params = { repository: "Rivers", name: uniqueName("trial") };
    await publishWorkspace(owner, params, workspaceFile);
    return { params, body: { name: uniqueName("renamed"), repository: "Rivers" } };
  },
  "DELETE /api/v1/workspaces/[repository]/[name]": async (owner) => {
    const params = { repository: "Rivers", name: uniqueName("trial") };
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

  "GET /api/v1/jobs/[id]": createQueuedJob,
  "POST /api/v1/jobs/[id]/cancellation": createQueuedJob,
  "GET /api/v1/jobs/[id]/log": createQueuedJob,
  "GET /api/v1/jobs/[id]/log/events": createFinishedJob,
  "GET /api/v1/jobs/[id]/result": createFinishedJob,

  "POST /api/v1/repositories": () => ({ body: { name: uniqueName("Shelf") } }),
  "GET /api/v1/repositories/[repository]": () => ({ params: { repository: "Rivers" } }),
  "DELETE /api/v1/repositories/[repository]": async (owner) => {
    const { name } = await createRepository(owner, { name: uniqueName("Shelf"), description: "" });
    return { params: { repository: name } };
  },
  "GET /api/v1/repositories/[repository]/files": () => ({ params: { repository: "Rivers" } }),
  "GET /api/v1/repositories/[repository]/files/[file]": createDataFile,
  "GET /api/v1/repositories/[repository]/files/[file]/workspaces": createDataFile,
  "PUT /api/v1/repositories/[repository]/files/[file]": () => ({
    params: { repository: "Rivers", file: uniqueName("levels.csv") },
    body: "day,level\nMon,90\n",
    headers: { "content-type": "text/csv" },
  }),
  "DELETE /api/v1/repositories/[repository]/files/[file]": createDataFile,

  "GET /api/v1/repositories/[repository]/grants": () => ({ params: { repository: "Rivers" } }),
  "GET /api/v1/uploads/[upload]": createOwnUpload,
  "PATCH /api/v1/uploads/[upload]": async (owner) => ({
    ...(await createOwnUpload(owner)),
    body: new Uint8Array([50, 10]),
    headers: { "content-type": "application/partial-upload", "upload-offset": "2", "upload-complete": "?1" },
  }),
  "DELETE /api/v1/uploads/[upload]": createOwnUpload,
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
    const { params } = await createSharedApp(owner);
    return { params: { slug: params.slug } };
  },
  "PUT /api/v1/apps/[slug]/grants/[kind]/[name]": async (owner) => {
    const { params } = await createSharedApp(owner);
    return { params, body: { permissions: [`app/${params.slug}:manage`] } };
  },
  "DELETE /api/v1/apps/[slug]/grants/[kind]/[name]": createSharedApp,

  "PATCH /api/v1/account": () => ({ body: { fullName: "Somebody Else" } }),
  "POST /api/v1/account/disconnection": async ({ userId }) => {
    const externalIdentity = `https://id.example.org|${uniqueName("ada")}`;
    await db.user.update({ where: { id: userId }, data: { externalIdentity } });
    return { body: { currentPassword: castPassword } };
  },
  "PUT /api/v1/account/password": () => ({
    body: { currentPassword: castPassword, newPassword: "three herons over slow water", disableTokens: false },
  }),

  "POST /api/v1/apps": () => ({
    body: {
      name: uniqueName("asked app"),
      slug: uniqueName("asked-app"),
      repository: "Rivers",
      workspace: "gauge-levels",
    },
  }),
  "GET /api/v1/apps/[slug]": createOwnApp,
  "PATCH /api/v1/apps/[slug]": async (owner) => ({ ...(await createOwnApp(owner)), body: { description: "Asked." } }),
  "DELETE /api/v1/apps/[slug]": createOwnApp,
  "POST /api/v1/apps/[slug]/tokens": async (owner) => ({ ...(await createOwnApp(owner)), body: {} }),
  "POST /api/v1/app-changes": async (owner) => {
    const { params } = await createOwnApp(owner);
    return { body: { change: "disable", slugs: [params.slug] } };
  },
  "POST /api/v1/apps/[slug]/runs": async (owner) => ({ ...(await createOwnApp(owner)), body: { parameters: {} } }),
  "GET /api/v1/apps/[slug]/runs/[key]": startAppRun,
  "GET /api/v1/apps/[slug]/runs/[key]/result": async (owner) => {
    const request = await startAppRun(owner);
    await finishNewestJob(owner);
    return request;
  },

  "POST /api/v1/users": () => ({ body: { userName: uniqueName("person"), fullName: "New Person" } }),
  "GET /api/v1/users/[userName]": () => ({ params: { userName: "eve" } }),
  "PATCH /api/v1/users/[userName]": () => ({ params: { userName: "eve" }, body: { fullName: "Eve Lindqvist" } }),
  "DELETE /api/v1/users/[userName]": createUser,
  "POST /api/v1/users/[userName]/one-time-password": createUser,

  "POST /api/v1/roles": () => ({
    body: { name: uniqueName("role"), title: "Role", description: "", permissions: ["jobs:access"] },
  }),
  "GET /api/v1/roles/[role]": createRole,
  "PATCH /api/v1/roles/[role]": async () => ({ ...(await createRole()), body: { permissions: ["jobs:access"] } }),
  "DELETE /api/v1/roles/[role]": createRole,
};

/** Prepares a valid request to an operation. It is empty for an operation without path parameters and body. */
export async function validRequest(operation: string, owner: Actor): Promise<SampleRequest> {
  return (await sampleRequests[operation]?.(owner)) ?? {};
}

async function createOwnToken(owner: Actor) {
  const { token } = await makeToken(owner);
  return { params: { id: token.id } };
}

async function createUser() {
  const userName = uniqueName("newcomer");
  await db.user.create({ data: { userName, fullName: "Newcomer", passwordChangedAt: new Date() } });
  return { params: { userName } };
}

async function createOwnValue(owner: Actor): Promise<SampleRequest> {
  const { value } = await makeToken(owner);
  return { body: `token=${value}`, headers: { "content-type": "application/x-www-form-urlencoded" } };
}

/** Creates an app of the owner's and shares it with Eve. */
async function createSharedApp(owner: Actor) {
  const { app } = await makeApp(owner);
  const { id: appId } = await db.app.findUniqueOrThrow({ where: { slug: app.slug } });
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
  await db.grant.create({ data: { userId, resource: "app", action: "manage", appId } });
  return { params: { slug: app.slug, kind: "users", name: "eve" } };
}

async function createRole() {
  const name = uniqueName("role");
  await db.role.create({ data: { name, title: "Role" } });
  return { params: { role: name } };
}

async function createQueuedJob(owner: Actor): Promise<SampleRequest> {
  const { id } = await submitRun(owner, gaugeLevels, { parameters: {} });
  return { params: { id: String(id) } };
}

async function createFinishedJob(owner: Actor): Promise<SampleRequest> {
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

async function createOwnApp(owner: Actor) {
  const { app } = await makeApp(owner);
  return { params: { slug: app.slug } };
}

async function startAppRun(owner: Actor) {
  const { params } = await createOwnApp(owner);
  const visitor = { ip: null, agent: null, now: owner.now };
  const { key } = await runApp(visitor, params.slug, { parameters: {} });
  return { params: { ...params, key: key.reveal() } };
}

async function createOwnUpload(owner: Actor): Promise<SampleRequest> {
  const path = { repository: "Rivers", file: uniqueName("gauge.csv") };
  const { id } = await createUpload(owner, path, { chunks: [new Uint8Array([49, 10])] });
  return { params: { upload: id } };
}

async function createDataFile(owner: Actor): Promise<SampleRequest> {
  const params = { repository: "Rivers", file: uniqueName("levels.csv") };
  await putFile(owner, params, new Uint8Array([49, 10]));
  return { params };
}
