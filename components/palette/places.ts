/** Something that the palette leads to. */
export interface Place {
  /** Unique in the palette. */
  id: string;
  name: string;
  /** More about it: "Samples", "Succeeded". */
  note?: string;
  href: string;
}

export interface PlaceGroup {
  /** Base UI takes the name of a group from this member. */
  value: string;
  items: Place[];
}

const pages: Place[] = [
  { id: "home", name: "Home", href: "/" },
  { id: "workspaces", name: "Workspaces", href: "/workspaces" },
  { id: "apps", name: "Apps", href: "/apps" },
  { id: "jobs", name: "Jobs", href: "/jobs" },
  { id: "tokens", name: "Manage Tokens", href: "/settings/tokens" },
  { id: "sessions", name: "Session Tokens", href: "/settings/tokens?tab=session" },
  { id: "account", name: "Account", href: "/settings/account" },
  { id: "api", name: "API reference", href: "/docs/api" },
];

const administrationPages: Place[] = [
  { id: "users", name: "Users", href: "/admin/users" },
  { id: "roles", name: "Roles", href: "/admin/roles" },
  { id: "audit", name: "Audit log", href: "/admin/audit" },
];

const actions: Place[] = [
  { id: "new-token", name: "New token", href: "/settings/tokens/new" },
  { id: "new-app", name: "New app", href: "/apps/new" },
  { id: "failed-jobs", name: "Show failed jobs", href: "/jobs?status=failed" },
];

const administrationActions: Place[] = [
  { id: "new-user", name: "New user", href: "/admin/users/new" },
  { id: "new-role", name: "New role", href: "/admin/roles/new" },
];

/** The pages and actions whose names contain the text, in any case. */
export function placesMatching(text: string, administers: boolean): PlaceGroup[] {
  const wanted = text.trim().toLowerCase();
  const matching = (places: Place[]) => places.filter(({ name }) => name.toLowerCase().includes(wanted));
  return [
    { value: "Pages", items: matching([...pages, ...(administers ? administrationPages : [])]) },
    { value: "Actions", items: matching([...actions, ...(administers ? administrationActions : [])]) },
  ].filter(({ items }) => items.length > 0);
}
