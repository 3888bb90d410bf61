import { days, later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import { makeApp } from "@/testing/apps";
import { actorOf, type PersonName, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import type { Giver } from "./access-matrix";
import { createBearer, createSession, permissionsOfAda } from "./callers";
import type { SampleRequest } from "./sample-requests";

let createdCount = 0;
const uniqueName = (word: string) => `${word}-${++createdCount}`;

/** Whose tokens and sessions send the requests that give something. */
export const giverOf = (giving: string): PersonName => (/\/(users|roles)\b/.test(giving) ? "mia" : "ada");

/** Creates a credential of this kind. Returns the headers that present it. */
export async function headersOfGiver(caller: Giver, person: PersonName, now: Date): Promise<Record<string, string>> {
  if (caller === "session") return createSession(person, now);
  if (caller === "allPermissionsToken") return createBearer(person, now, { allPermissions: true });
  const ofMia = ["users:manage", "jobs:manage", "repositories:create"];
  const each = person === "mia" ? ofMia : await permissionsOfAda();
  const managing = [person === "mia" ? "users:manage" : "tokens:manage"];
  return createBearer(person, now, { permissions: caller === "managingToken" ? managing : each });
}

const soon = () => later(new Date(), minutes(5)).toISOString();
const withinADay = () => later(new Date(), days(0.5)).toISOString();
const inAYear = () => later(new Date(), days(365)).toISOString();

/** Prepares for each request of the table its parameters and body. The things that it names are created for it. */
export const givingRequests: Record<string, () => Promise<SampleRequest> | SampleRequest> = {
  "POST /api/v1/tokens: one that outlives the caller": () => ({
    body: { name: uniqueName("given"), expiresAt: inAYear(), permissions: [] },
  }),
  "POST /api/v1/tokens: a duplicate of one with All Permissions": () => ({
    body: { name: uniqueName("given"), expiresAt: soon(), allPermissions: true },
  }),
  "PATCH /api/v1/tokens/[id]: enable one with All Permissions": async () => ({
    ...(await createPowerful({ enabled: false })),
    body: { enabled: true },
  }),
  "PATCH /api/v1/tokens/[id]: enable an expired one with All Permissions": async () => ({
    ...(await createPowerful({ enabled: false, expiresAt: new Date() })),
    body: { enabled: true, expiresAt: soon() },
  }),
  "PATCH /api/v1/tokens/[id]: prolong one with All Permissions": async () => ({
    ...(await createPowerful({ expiresAt: new Date(soon()) })),
    body: { expiresAt: withinADay() },
  }),
  "PATCH /api/v1/tokens/[id]: prolong one beyond the caller": async () => {
    const { token } = await makeToken(await actorOf("ada", new Date()), { expiresAt: soon() });
    return { params: { id: token.id }, body: { expiresAt: inAYear() } };
  },
  "PATCH /api/v1/tokens/[id]: open one with All Permissions to URLs": async () => ({
    ...(await createPowerful({})),
    body: { inUrl: true },
  }),
  "PATCH /api/v1/tokens/[id]: a permission for one that outlives the caller": async () => {
    const { token } = await makeToken(await actorOf("ada", new Date()), { permissions: [], expiresAt: inAYear() });
    return { params: { id: token.id }, body: { permissions: ["tokens:manage"] } };
  },
  "PATCH /api/v1/tokens/[id]: enable a session": async () => {
    const { id } = await signIn("ada", new Date());
    await db.token.update({ where: { id }, data: { enabled: false } });
    return { params: { id }, body: { enabled: true } };
  },
  "PATCH /api/v1/tokens/[id]: disable one with All Permissions": async () => ({
    ...(await createPowerful({})),
    body: { enabled: false },
  }),
  "POST /api/v1/token-changes: enable one with All Permissions": async () => {
    const { params } = await createPowerful({ enabled: false });
    return { body: { change: "enable", ids: [params.id] } };
  },
  "POST /api/v1/token-changes: enable an expired one beyond the caller": async () => {
    const { token } = await makeToken(await actorOf("ada", new Date()));
    await db.token.update({ where: { id: token.id }, data: { expiresAt: new Date() } });
    return { body: { change: "enable", ids: [token.id], expiresAt: inAYear() } };
  },

  "POST /api/v1/apps: with a token that outlives the caller": () => ({
    body: { ...newApp(), expiresAt: inAYear() },
  }),
  "POST /api/v1/apps/[slug]/tokens: replace one with All Permissions": async () => {
    const request = await createApp();
    await db.token.updateMany({ where: { app: request.params }, data: { allPermissions: true } });
    return { ...request, body: {} };
  },
  "POST /api/v1/apps/[slug]/tokens: one that outlives the caller": async () => ({
    ...(await createApp()),
    body: { expiresAt: inAYear() },
  }),
  "PATCH /api/v1/apps/[slug]: prolong its token beyond the caller": async () => ({
    ...(await createApp()),
    body: { expiresAt: inAYear() },
  }),
  "POST /api/v1/app-changes: prolong its token beyond the caller": async () => {
    const { params } = await createApp();
    return { body: { change: "expire", slugs: [params.slug], expiresAt: inAYear() } };
  },
  "PUT /api/v1/repositories/[repository]/grants/[kind]/[name]: share": () => ({
    params: { repository: "Rivers", kind: "users", name: "eve" },
    body: { permissions: ["workspace/Rivers/flood-warnings:read"] },
  }),

  "POST /api/v1/users: with a role of more": () => ({
    body: { userName: uniqueName("given-person"), fullName: "New Person", roles: ["author"] },
  }),
  "PATCH /api/v1/users/[userName]: a role of more": async () => ({
    ...(await createUser([])),
    body: { roles: ["author"] },
  }),
  "PATCH /api/v1/users/[userName]: enable an account of more": async () => ({
    ...(await createUser(["author"], false)),
    body: { enabled: true },
  }),
  "PATCH /api/v1/users/[userName]: disable an account of more": async () => ({
    ...(await createUser(["author"])),
    body: { enabled: false },
  }),
  "DELETE /api/v1/users/[userName]: transfer what it owns": async () => {
    const request = await createUser(["author"]);
    await db.repository.create({ data: { name: uniqueName("Inherited"), owner: { connect: request.params } } });
    return { ...request, query: "?heir=mia" };
  },
  "POST /api/v1/users/[userName]/one-time-password: of an administrator": () => createUser(["admin"]),
  "POST /api/v1/users: one who manages users": async () => ({
    body: { userName: uniqueName("given-person"), fullName: "New Person", roles: [await createManagingRole()] },
  }),
  "PATCH /api/v1/users/[userName]: a role to manage users": async () => ({
    ...(await createUser([])),
    body: { roles: [await createManagingRole()] },
  }),
  "PATCH /api/v1/users/[userName]: enable one who manages users": async () => ({
    ...(await createUser([await createManagingRole()], false)),
    body: { enabled: true },
  }),
  "POST /api/v1/roles: to manage users": () => ({
    body: { name: uniqueName("giving"), title: "Role", description: "", permissions: ["users:manage"] },
  }),
  "PATCH /api/v1/roles/[role]: add managing users": async () => {
    const name = uniqueName("giving");
    await db.role.create({ data: { name, title: "Role" } });
    return { params: { role: name }, body: { permissions: ["users:manage"] } };
  },
  "POST /api/v1/roles: with more": () => ({
    body: { name: uniqueName("giving"), title: "Role", description: "", permissions: ["apps:create"] },
  }),
  "PATCH /api/v1/roles/[role]: add more": async () => {
    const name = uniqueName("giving");
    await db.role.create({ data: { name, title: "Role" } });
    return { params: { role: name }, body: { permissions: ["apps:create"] } };
  },
};

/** Creates a token of Ada's with All Permissions. */
async function createPowerful(data: { enabled?: boolean; expiresAt?: Date }) {
  const { token } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  await db.token.update({ where: { id: token.id }, data });
  return { params: { id: token.id } };
}

const newApp = () => ({
  name: uniqueName("giving app"),
  slug: uniqueName("giving-app"),
  repository: "Rivers",
  workspace: "gauge-levels",
});

async function createApp() {
  const { app } = await makeApp(await actorOf("ada", new Date()), { ...newApp(), expiresAt: soon() });
  return { params: { slug: app.slug } };
}

/** Creates a role with `users:manage` alone, which every caller holds. */
async function createManagingRole(): Promise<string> {
  const name = uniqueName("managing");
  const grants = { create: [{ resource: "users", action: "manage" }] };
  await db.role.create({ data: { name, title: "Role", grants } });
  return name;
}

async function createUser(roles: string[], enabled = true) {
  const userName = uniqueName("receiver");
  const data = { userName, fullName: "Receiver", passwordChangedAt: new Date(), enabled };
  await db.user.create({ data: { ...data, roles: { create: roles.map((roleName) => ({ roleName })) } } });
  return { params: { userName } };
}
