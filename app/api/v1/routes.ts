import type { RouteTable } from "@/lib/openapi/document";
import * as disconnection from "./account/disconnection/route";
import * as ownPassword from "./account/password/route";
import * as account from "./account/route";
import * as appChanges from "./app-changes/route";
import * as appGrant from "./apps/[slug]/grants/[kind]/[name]/route";
import * as appGrants from "./apps/[slug]/grants/route";
import * as app from "./apps/[slug]/route";
import * as appRunResult from "./apps/[slug]/runs/[key]/result/route";
import * as appRun from "./apps/[slug]/runs/[key]/route";
import * as appRuns from "./apps/[slug]/runs/route";
import * as appTokens from "./apps/[slug]/tokens/route";
import * as apps from "./apps/route";
import * as auditExport from "./audit-events/export/route";
import * as auditEvents from "./audit-events/route";
import * as authorize from "./authorize/route";
import * as introspect from "./introspect/route";

import * as cancellation from "./jobs/[id]/cancellation/route";
import * as jobEvents from "./jobs/[id]/log/events/route";
import * as jobLog from "./jobs/[id]/log/route";
import * as jobResult from "./jobs/[id]/result/route";
import * as job from "./jobs/[id]/route";
import * as jobCounts from "./jobs/counts/route";
import * as jobs from "./jobs/route";
import * as permissions from "./permissions/route";
import * as file from "./repositories/[repository]/files/[file]/route";
import * as fileWorkspaces from "./repositories/[repository]/files/[file]/workspaces/route";
import * as files from "./repositories/[repository]/files/route";
import * as repositoryGrant from "./repositories/[repository]/grants/[kind]/[name]/route";
import * as repositoryGrants from "./repositories/[repository]/grants/route";
import * as repository from "./repositories/[repository]/route";
import * as repositories from "./repositories/route";
import * as revoke from "./revoke/route";
import * as role from "./roles/[role]/route";
import * as roles from "./roles/route";
import * as presentedToken from "./token/route";
import * as tokenChanges from "./token-changes/route";
import * as tokenHistory from "./tokens/[id]/history/route";
import * as token from "./tokens/[id]/route";
import * as tokens from "./tokens/route";
import * as upload from "./uploads/[upload]/route";
import * as oneTimePassword from "./users/[userName]/one-time-password/route";
import * as user from "./users/[userName]/route";
import * as users from "./users/route";
import * as workspaceGrant from "./workspaces/[repository]/[name]/grants/[kind]/[partner]/route";
import * as workspaceGrants from "./workspaces/[repository]/[name]/grants/route";
import * as workspace from "./workspaces/[repository]/[name]/route";
import * as runs from "./workspaces/[repository]/[name]/runs/route";
import * as source from "./workspaces/[repository]/[name]/source/route";
import * as workspaces from "./workspaces/route";

/** Every route of the API, in the order in which the API document tells them. The document itself comes last. */
export const routes: RouteTable = {
  "/api/v1/tokens": tokens,
  "/api/v1/tokens/[id]": token,
  "/api/v1/tokens/[id]/history": tokenHistory,
  "/api/v1/token-changes": tokenChanges,
  "/api/v1/token": presentedToken,
  "/api/v1/authorize": authorize,
  "/api/v1/introspect": introspect,
  "/api/v1/revoke": revoke,
  "/api/v1/workspaces": workspaces,
  "/api/v1/workspaces/[repository]/[name]": workspace,
  "/api/v1/workspaces/[repository]/[name]/source": source,
  "/api/v1/workspaces/[repository]/[name]/runs": runs,
  "/api/v1/workspaces/[repository]/[name]/grants": workspaceGrants,
  "/api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]": workspaceGrant,
  "/api/v1/apps": apps,
  "/api/v1/apps/[slug]": app,
  "/api/v1/apps/[slug]/tokens": appTokens,
  "/api/v1/apps/[slug]/grants": appGrants,
  "/api/v1/apps/[slug]/grants/[kind]/[name]": appGrant,
  "/api/v1/app-changes": appChanges,
  "/api/v1/apps/[slug]/runs": appRuns,
  "/api/v1/apps/[slug]/runs/[key]": appRun,
  "/api/v1/apps/[slug]/runs/[key]/result": appRunResult,
  "/api/v1/jobs": jobs,
  "/api/v1/jobs/counts": jobCounts,
  "/api/v1/jobs/[id]": job,
  "/api/v1/jobs/[id]/cancellation": cancellation,
  "/api/v1/jobs/[id]/log": jobLog,
  "/api/v1/jobs/[id]/log/events": jobEvents,
  "/api/v1/jobs/[id]/result": jobResult,
  "/api/v1/repositories": repositories,
  "/api/v1/repositories/[repository]": repository,
  "/api/v1/repositories/[repository]/grants": repositoryGrants,
  "/api/v1/repositories/[repository]/grants/[kind]/[name]": repositoryGrant,
  "/api/v1/repositories/[repository]/files": files,
  "/api/v1/repositories/[repository]/files/[file]": file,
  "/api/v1/repositories/[repository]/files/[file]/workspaces": fileWorkspaces,
  "/api/v1/uploads/[upload]": upload,
  "/api/v1/account": account,
  "/api/v1/account/disconnection": disconnection,
  "/api/v1/account/password": ownPassword,
  "/api/v1/users": users,
  "/api/v1/users/[userName]": user,
  "/api/v1/users/[userName]/one-time-password": oneTimePassword,
  "/api/v1/roles": roles,
  "/api/v1/roles/[role]": role,
  "/api/v1/audit-events": auditEvents,
  "/api/v1/audit-events/export": auditExport,
  "/api/v1/permissions": permissions,
};
