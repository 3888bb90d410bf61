import { createLoader, createSerializer, parseAsString } from "nuqs/server";

/** The search parameters of the workspaces page. */
export const workspaceSearch = {
  q: parseAsString.withDefault(""),
  after: parseAsString,
};

export const loadWorkspaceSearch = createLoader(workspaceSearch);

export type WorkspaceSearch = Awaited<ReturnType<typeof loadWorkspaceSearch>>;

const serialize = createSerializer(workspaceSearch);

/** Returns the URL of the workspaces page with these search parameters. */
export const workspacesHref = (search: Partial<WorkspaceSearch> = {}) => serialize("/workspaces", search);
