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
  "DELETE /api/v1/workspaces/[repository]/[name]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/workspaces/[repository]/[name]/source": [401, 200, 403, 404, 403, 200, 401, 401, 200],
  "POST /api/v1/workspaces/[repository]/[name]/runs": [401, 202, 202, 404, 202, 202, 401, 401, 202],
  "GET /api/v1/workspaces/[repository]/[name]/grants": [401, 403, 403, 404, 403, 200, 401, 401, 200],
  "PUT /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": [401, 403, 403, 404, 403, 200, 401, 401, 200],
  "DELETE /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": [
    401, 403, 403, 404, 403, 204, 401, 401, 204,
  ],

  "GET /api/v1/jobs": [401, 200, 200, 200, 200, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "POST /api/v1/jobs/[id]/cancellation": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]/log": [401, 200, 404, 200, 404, 200, 401, 401, 200],
  "GET /api/v1/jobs/[id]/result": [401, 200, 404, 200, 404, 200, 401, 401, 200],

  "GET /api/v1/repositories": [401, 200, 200, 200, 403, 200, 401, 401, 200],
  "POST /api/v1/repositories": [401, 201, 403, 201, 403, 201, 401, 401, 201],
  "GET /api/v1/repositories/[repository]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "DELETE /api/v1/repositories/[repository]": [401, 204, 404, 404, 404, 204, 401, 401, 204],
  "GET /api/v1/repositories/[repository]/files": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "GET /api/v1/repositories/[repository]/files/[file]": [401, 200, 404, 404, 404, 200, 401, 401, 200],
  "PUT /api/v1/repositories/[repository]/files/[file]": [401, 201, 404, 404, 404, 201, 401, 401, 201],
  "DELETE /api/v1/repositories/[repository]/files/[file]": [401, 204, 404, 404, 404, 204, 401, 401, 204],

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

/** The operations in the table, such as `GET /api/v1/tokens`. */
export const listedRoutes = Object.keys(table);

/** The status that this caller must get. */
export function expectedStatus(operation: string, caller: Caller): number | undefined {
  return table[operation]?.[callers.indexOf(caller)];
}
