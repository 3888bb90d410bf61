import type { AdministeredEventView } from "@/lib/audit/schema";

/** Labels by action. An action without a label is shown by its name. */
export const actionWords: Record<string, string> = {
  "user.create": "User created",
  "user.enable": "User enabled",
  "user.disable": "User disabled",
  "user.rename": "User renamed",
  "user.assign-roles": "Roles changed",
  "user.change-password": "Password changed",
  "user.reset-password": "Password reset",
  "user.connect-identity": "Identity provider connected",
  "user.disconnect-identity": "Identity provider disconnected",
  "user.remove": "User removed",
  "user.refuse-sign-in": "Sign-in refused",
  "role.create": "Role created",
  "role.edit": "Role edited",
  "role.remove": "Role removed",
  "repository.create": "Repository created",
  "repository.share": "Repository sharing changed",
  "repository.hand-over": "Repository transferred",
  "repository.remove": "Repository removed",
  "file.add": "Data file added",
  "file.replace": "Data file replaced",
  "file.remove": "Data file removed",
  "workspace.publish": "Workspace published",
  "workspace.replace": "Workspace replaced",
  "workspace.move": "Workspace renamed or moved",
  "workspace.share": "Workspace sharing changed",
  "workspace.hand-over": "Workspace transferred",
  "workspace.remove": "Workspace removed",
  "app.create": "App created",
  "app.edit": "App edited",
  "app.issue-token": "App token replaced",
  "app.enable": "App enabled",
  "app.disable": "App disabled",
  "app.share": "App sharing changed",
  "app.hand-over": "App transferred",
  "app.remove": "App removed",
};

/** Labels by type of subject. */
export const typeWords: Record<string, string> = {
  user: "Users",
  role: "Roles",
  repository: "Repositories",
  workspace: "Workspaces",
  app: "Apps",
};

/** Labels of an item by its type. */
export const typeWord: Record<AdministeredEventView["subject"]["type"], string> = {
  user: "User",
  role: "Role",
  repository: "Repository",
  workspace: "Workspace",
  app: "App",
};

/** Labels by field name. A field without a label is shown by its name. */
export const fieldWords: Record<string, string> = {
  name: "Name",
  fullName: "Name",
  roles: "Roles",
  title: "Title",
  description: "Description",
  permissions: "Permissions",
  owner: "Owner",
  with: "Shared with",
  slug: "URL name",
  workspace: "Workspace",
  parameters: "Parameters",
  frameOrigins: "Allowed sites for embedding",
  token: "Token",
  file: "File",
  sha256: "SHA-256",
  identity: "Identity",
  reason: "Reason",
  count: "Count",
};

/** Why a sign-in was refused. */
export const reasonWords: Record<string, string> = {
  malformed: "the form was not filled in",
  "too-many": "too many attempts",
  "unknown-name": "unknown username",
  "wrong-password": "wrong password",
  "expired-password": "the temporary password has expired",
  disabled: "the user is disabled",
  "changed-meanwhile": "the user was changed at the same moment",
};
