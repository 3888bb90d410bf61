/** The permission grid, the checks, the types and the API docs are derived from this table (design 3.4). */
export const catalog = [
  {
    resource: "repositories",
    title: "Repositories",
    general: [
      { action: "access", title: "Access", description: "See the list of repositories." },
      { action: "create", title: "Create", description: "Create repositories.", implies: "access" },
    ],
    item: {
      resource: "repository",
      title: "Repository",
      actions: [
        { action: "read", title: "Read", description: "See its workspaces and their parameters." },
        { action: "download", title: "Download", description: "Download its workspaces and data files." },
        { action: "run", title: "Run", description: "Run any workspace in it." },
        { action: "publish", title: "Publish", description: "Add and replace workspaces and data files." },
        { action: "remove", title: "Remove", description: "Remove it, its workspaces and its data files." },
      ],
    },
  },
  {
    resource: "workspaces",
    title: "Workspaces",
    general: [],
    item: {
      resource: "workspace",
      title: "Workspace",
      actions: [
        { action: "read", title: "Read", description: "See the workspace and its parameters." },
        { action: "run", title: "Run", description: "Run the workspace." },
      ],
    },
  },
  {
    resource: "jobs",
    title: "Jobs",
    general: [
      { action: "access", title: "Access", description: "See, read and cancel your own jobs." },
      { action: "manage", title: "Manage", description: "See and cancel all users' jobs.", implies: "access" },
    ],
    item: null,
  },
  {
    resource: "apps",
    title: "Apps",
    general: [
      { action: "access", title: "Access", description: "See the list of apps." },
      {
        action: "create",
        title: "Create",
        description: "Create apps from workspaces that you can run.",
        implies: "access",
      },
    ],
    item: {
      resource: "app",
      title: "App",
      actions: [{ action: "manage", title: "Manage", description: "See, edit, enable, disable and remove the app." }],
    },
  },
  {
    resource: "tokens",
    title: "Tokens",
    general: [{ action: "manage", title: "Manage", description: "Manage your own tokens through the API." }],
    item: null,
  },
  {
    resource: "users",
    title: "User Management",
    inWords: "users and roles",
    general: [{ action: "manage", title: "Manage", description: "Manage users and roles." }],
    item: null,
  },
  {
    resource: "server",
    title: "Server",
    general: [{ action: "monitor", title: "Monitor", description: "Read server metrics." }],
    item: null,
  },
] as const satisfies readonly ResourceType[];

export interface PermissionAction {
  action: string;
  title: string;
  description: string;
  /** Another action that this one includes. */
  implies?: string;
}

export interface ResourceType {
  resource: string;
  title: string;
  /** These words follow a verb where the title in lower case does not fit. */
  inWords?: string;
  general: readonly PermissionAction[];
  item: { resource: string; title: string; actions: readonly PermissionAction[] } | null;
}

type Entry = (typeof catalog)[number];
type ItemEntry = Extract<Entry, { item: { resource: string } }>["item"];
type ActionOf<E> = E extends {
  resource: infer R extends string;
  general: readonly { action: infer A extends string }[];
}
  ? `${R}:${A}`
  : never;

export type GeneralPermission = ActionOf<Entry>;
export type RepositoryAction = Extract<ItemEntry, { resource: "repository" }>["actions"][number]["action"];

/** Only {@link parsePermission} tells whether the catalog has a permission of this form. */
export type Permission =
  | GeneralPermission
  | `repository/${string}:${string}`
  | `workspace/${string}/${string}:${string}`
  | `app/${string}:${string}`;

export type ParsedPermission =
  | { resource: string; action: string; repository: null; workspace: null; app: null }
  | { resource: "repository"; action: string; repository: string; workspace: null; app: null }
  | { resource: "workspace"; action: string; repository: string; workspace: string; app: null }
  | { resource: "app"; action: string; repository: null; workspace: null; app: string };

/** The token of every app has this permission. */
export const runPermission = ({ repository, name }: { repository: string; name: string }) =>
  `workspace/${repository}/${name}:run` as const;

/** Null when the catalog does not have the permission. Whether the item exists is not checked. */
export function parsePermission(text: string): ParsedPermission | null {
  const match = /^([a-z]+)(?:\/([^/:*]+))?(?:\/([^/:*]+))?:([a-z]+)$/u.exec(text);
  if (!match) return null;
  const [, resource = "", first = null, second = null, action = ""] = match;
  if (!isKnown(resource, action, first !== null)) return null;
  if (first === null) return { resource, action, ...noItem };
  if (resource === "workspace") {
    return second === null ? null : { resource, action, ...noItem, repository: first, workspace: second };
  }
  if (second !== null) return null;
  if (resource === "repository") return { resource, action, ...noItem, repository: first };
  return resource === "app" ? { resource, action, ...noItem, app: first } : null;
}

const noItem = { repository: null, workspace: null, app: null };

function isKnown(resource: string, action: string, onItem: boolean): boolean {
  return entries.some((entry) =>
    onItem
      ? entry.item?.resource === resource && entry.item.actions.some((each) => each.action === action)
      : entry.resource === resource && entry.general.some((each) => each.action === action),
  );
}

/** All permissions that include this one: `repository/S:run` includes `workspace/S/w:run`, `repositories:create`
 * includes `repositories:access`, and ownership (`repository/S:*`, `app/a:*`) includes every action on the item. */
export function coveringPermissions(permission: string): string[] {
  const colon = permission.lastIndexOf(":");
  const target = permission.slice(0, colon);
  const action = permission.slice(colon + 1);
  const [resource, item, workspace] = target.split("/");
  if (item === undefined) return broaderActions(target, action).map((broader) => `${target}:${broader}`);
  const owned = `${target}:*`;
  if (resource !== "workspace" || workspace === undefined) return [owned];
  return [owned, `repository/${item}:${action}`, `repository/${item}:*`];
}

function broaderActions(resource: string, action: string): string[] {
  const general: readonly PermissionAction[] = entries.find((entry) => entry.resource === resource)?.general ?? [];
  return general.filter((each) => each.implies === action).map((each) => each.action);
}

/** A permission in words: "Run Samples/nearby-earthquakes", "Create repositories". */
export function describePermission(permission: string): string {
  const parsed = parsePermission(permission);
  if (!parsed) return permission;
  const entry = entries.find((each) => each.resource === parsed.resource || each.item?.resource === parsed.resource);
  const onItem = parsed.repository !== null || parsed.app !== null;
  const actions: readonly PermissionAction[] = (onItem ? entry?.item?.actions : entry?.general) ?? [];
  const verb = actions.find((each) => each.action === parsed.action)?.title ?? parsed.action;
  if (parsed.workspace !== null) return `${verb} ${parsed.repository}/${parsed.workspace}`;
  if (parsed.repository !== null) return `${verb} repository ${parsed.repository}`;
  if (parsed.app !== null) return `${verb} app ${parsed.app}`;
  return `${verb} ${entry?.inWords ?? entry?.title.toLowerCase() ?? parsed.resource}`;
}

const entries: readonly ResourceType[] = catalog;
