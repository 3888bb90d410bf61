import { type Caller, callers } from "./callers";

/**
 * The status that each caller must get from each operation. The request is about something of Ada's, which is created for
 * it. Columns are in the order of `callers`:
 *
 * anonymous · owner · other user · administrator · restricted token · All-Permissions token · disabled · expired · session
 */
const table: Record<string, readonly number[]> = {
  "GET /api/v1/tokens": [401, 200, 200, 200, 403, 200, 401, 401, 200],
  "POST /api/v1/tokens": [401, 201, 201, 201, 403, 201, 401, 401, 201],
  "GET /api/v1/tokens/[id]": [401, 200, 404, 404, 403, 200, 401, 401, 200],
  "PATCH /api/v1/tokens/[id]": [401, 200, 404, 404, 403, 200, 401, 401, 200],
  "DELETE /api/v1/tokens/[id]": [401, 204, 404, 404, 403, 204, 401, 401, 204],
  "GET /api/v1/tokens/[id]/history": [401, 200, 404, 404, 403, 200, 401, 401, 200],
  "POST /api/v1/token-changes": [401, 200, 200, 200, 403, 200, 401, 401, 200],
  "GET /api/v1/token": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "DELETE /api/v1/token": [401, 204, 204, 204, 204, 204, 401, 401, 204],
  "GET /api/v1/authorize": [401, 200, 403, 403, 403, 200, 401, 401, 200],
  "POST /api/v1/introspect": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "POST /api/v1/revoke": [200, 200, 200, 200, 200, 200, 200, 200, 200],

  "GET /api/v1/workspaces": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "GET /api/v1/workspaces/[repository]/[name]": [401, 200, 200, 404, 403, 200, 401, 401, 200],
  "PUT /api/v1/workspaces/[repository]/[name]": [401, 200, 403, 404, 403, 200, 401, 401, 200],
  "PATCH /api/v1/workspaces/[repository]/[name]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/workspaces/[repository]/[name]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/workspaces/[repository]/[name]/source": [401, 200, 403, 404, 403, 200, 401, 401, 200],
  "POST /api/v1/workspaces/[repository]/[name]/runs": [401, 202, 202, 404, 202, 202, 401, 401, 202],
  "GET /api/v1/workspaces/[repository]/[name]/grants": [401, 403, 403, 404, 403, 200, 401, 401, 200],
  "PUT /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": [401, 403, 403, 404, 403, 200, 401, 401, 200],
  "DELETE /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": [
    401, 403, 403, 404, 403, 204, 401, 401, 204,
  ],

  "GET /api/v1/jobs": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "GET /api/v1/jobs/counts": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "POST /api/v1/jobs/[id]/cancellation": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]/log": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]/log/events": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]/result": [401, 200, 404, 200, 404, 200, 401, 401, 200],

  "GET /api/v1/repositories": [401, 200, 200, 200, 403, 200, 401, 401, 200],
  "POST /api/v1/repositories": [401, 201, 403, 201, 403, 201, 401, 401, 201],
  "GET /api/v1/repositories/[repository]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/repositories/[repository]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/repositories/[repository]/files": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "GET /api/v1/repositories/[repository]/files/[file]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "GET /api/v1/repositories/[repository]/files/[file]/workspaces": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "PUT /api/v1/repositories/[repository]/files/[file]": [401, 201, 404, 404, 404, 201, 401, 401, 201],
  "DELETE /api/v1/repositories/[repository]/files/[file]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/uploads/[upload]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "PATCH /api/v1/uploads/[upload]": [401, 201, 404, 404, 404, 201, 401, 401, 201],
  "DELETE /api/v1/uploads/[upload]": [401, 204, 404, 404, 404, 204, 401, 401, 204],

  "GET /api/v1/repositories/[repository]/grants": [401, 403, 404, 404, 404, 200, 401, 401, 200],
  "PUT /api/v1/repositories/[repository]/grants/[kind]/[name]": [401, 403, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/repositories/[repository]/grants/[kind]/[name]": [401, 403, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/apps/[slug]/grants": [401, 403, 404, 404, 404, 200, 401, 401, 200],
  "PUT /api/v1/apps/[slug]/grants/[kind]/[name]": [401, 403, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/apps/[slug]/grants/[kind]/[name]": [401, 403, 404, 404, 404, 204, 401, 401, 204],

  "GET /api/v1/account": [401, 403, 403, 403, 403, 403, 401, 401, 200],
  "PATCH /api/v1/account": [401, 403, 403, 403, 403, 403, 401, 401, 200],
  "POST /api/v1/account/disconnection": [401, 403, 403, 403, 403, 403, 401, 401, 200],
  "PUT /api/v1/account/password": [401, 403, 403, 403, 403, 403, 401, 401, 200],

  "GET /api/v1/apps": [401, 200, 200, 403, 403, 200, 401, 401, 200],
  "POST /api/v1/apps": [401, 201, 403, 403, 403, 201, 401, 401, 201],
  "GET /api/v1/apps/[slug]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "PATCH /api/v1/apps/[slug]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/apps/[slug]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "POST /api/v1/apps/[slug]/tokens": [401, 201, 404, 404, 404, 201, 401, 401, 201],
  "POST /api/v1/app-changes": [401, 200, 200, 403, 403, 200, 401, 401, 200],
  "POST /api/v1/apps/[slug]/runs": [202, 202, 202, 202, 202, 202, 202, 202, 202],
  "GET /api/v1/apps/[slug]/runs/[key]": [200, 200, 200, 200, 200, 200, 200, 200, 200],
  "GET /api/v1/apps/[slug]/runs/[key]/result": [200, 200, 200, 200, 200, 200, 200, 200, 200],

  "GET /api/v1/users": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "POST /api/v1/users": [401, 403, 403, 201, 403, 403, 401, 401, 403],
  "GET /api/v1/users/[userName]": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "PATCH /api/v1/users/[userName]": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "DELETE /api/v1/users/[userName]": [401, 403, 403, 204, 403, 403, 401, 401, 403],
  "POST /api/v1/users/[userName]/one-time-password": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "GET /api/v1/roles": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "POST /api/v1/roles": [401, 403, 403, 201, 403, 403, 401, 401, 403],
  "GET /api/v1/roles/[role]": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "PATCH /api/v1/roles/[role]": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "DELETE /api/v1/roles/[role]": [401, 403, 403, 204, 403, 403, 401, 401, 403],
  "GET /api/v1/audit-events": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "GET /api/v1/audit-events/export": [401, 403, 403, 200, 403, 403, 401, 401, 403],
  "GET /api/v1/permissions": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "GET /api/v1/openapi.json": [200, 200, 200, 200, 200, 200, 200, 200, 200],
};

/** Callers who manage something, in the order of their columns below. The tokens expire in a day. */
export const givers = ["managingToken", "fullToken", "allPermissionsToken", "session"] as const;
export type Giver = (typeof givers)[number];

/**
 * What a caller must get who gives something to a token, an account or a role: the status, or the outcome where an operation
 * answers one for each thing. The requests are those of giving-requests.ts. The callers are Ada's, and Mia's for accounts and
 * roles. Columns are in the order of `givers`:
 *
 * a token with `tokens:manage` and `users:manage` alone · one with each permission of its owner · All Permissions · session
 */
const givingTable: Record<string, readonly (number | string)[]> = {
  "POST /api/v1/tokens: one that outlives the caller": [403, 403, 403, 201],
  "POST /api/v1/tokens: a duplicate of one with All Permissions": [403, 403, 201, 201],
  "PATCH /api/v1/tokens/[id]: enable one with All Permissions": [403, 403, 200, 200],
  "PATCH /api/v1/tokens/[id]: enable an expired one with All Permissions": [403, 403, 200, 200],
  "PATCH /api/v1/tokens/[id]: prolong one with All Permissions": [403, 403, 200, 200],
  "PATCH /api/v1/tokens/[id]: prolong one beyond the caller": [403, 403, 403, 200],
  "PATCH /api/v1/tokens/[id]: open one with All Permissions to URLs": [403, 403, 200, 200],
  "PATCH /api/v1/tokens/[id]: a permission for one that outlives the caller": [403, 403, 403, 200],
  "PATCH /api/v1/tokens/[id]: enable a session": [403, 403, 200, 200],
  "PATCH /api/v1/tokens/[id]: disable one with All Permissions": [200, 200, 200, 200],
  "POST /api/v1/token-changes: enable one with All Permissions": ["refused", "refused", "changed", "changed"],
  "POST /api/v1/token-changes: enable an expired one beyond the caller": ["refused", "refused", "refused", "changed"],
  "POST /api/v1/apps: with a token that outlives the caller": [403, 403, 403, 201],
  "POST /api/v1/apps/[slug]/tokens: replace one with All Permissions": [404, 403, 201, 201],
  "POST /api/v1/apps/[slug]/tokens: one that outlives the caller": [404, 403, 403, 201],
  "PATCH /api/v1/apps/[slug]: prolong its token beyond the caller": [404, 403, 403, 200],
  "POST /api/v1/app-changes: prolong its token beyond the caller": [403, "refused", "refused", "changed"],
  "PUT /api/v1/repositories/[repository]/grants/[kind]/[name]: share": [404, 403, 200, 200],

  "POST /api/v1/users: with a role of more": [403, 403, 201, 201],
  "PATCH /api/v1/users/[userName]: a role of more": [403, 403, 200, 200],
  "PATCH /api/v1/users/[userName]: enable an account of more": [403, 403, 200, 200],
  "PATCH /api/v1/users/[userName]: disable an account of more": [200, 200, 200, 200],
  "DELETE /api/v1/users/[userName]: transfer what it owns": [403, 403, 204, 204],
  "POST /api/v1/users/[userName]/one-time-password: of an administrator": [403, 403, 200, 200],
  "POST /api/v1/users: one who manages users": [403, 403, 201, 201],
  "PATCH /api/v1/users/[userName]: a role to manage users": [403, 403, 200, 200],
  "PATCH /api/v1/users/[userName]: enable one who manages users": [403, 403, 200, 200],
  "POST /api/v1/roles: to manage users": [403, 403, 201, 201],
  "PATCH /api/v1/roles/[role]: add managing users": [403, 403, 200, 200],
  "POST /api/v1/roles: with more": [403, 403, 201, 201],
  "PATCH /api/v1/roles/[role]: add more": [403, 403, 200, 200],
};

/** The requests that give something, such as `POST /api/v1/tokens: one that outlives the caller`. */
export const listedGivings = Object.keys(givingTable);

/** The status or the outcome that this caller must get. */
export const expectedGiving = (giving: string, caller: Giver) => givingTable[giving]?.[givers.indexOf(caller)];

/** The operations in the table, such as `GET /api/v1/tokens`. */
export const listedRoutes = Object.keys(table);

/** The status that this caller must get. */
export function expectedStatus(operation: string, caller: Caller): number | undefined {
  return table[operation]?.[callers.indexOf(caller)];
}
