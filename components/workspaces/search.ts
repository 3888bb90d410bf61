import { createLoader, createSerializer, parseAsString } from "nuqs/server";

/** What of the workspaces page lies in its URL. */
export const workspaceSearch = {
  q: parseAsString.withDefault(""),
  after: parseAsString,
};

export const loadWorkspaceSearch = createLoader(workspaceSearch);

export type WorkspaceSearch = Awaited<ReturnType<typeof loadWorkspaceSearch>>;

const serialize = createSerializer(workspaceSearch);

/** The address of the workspaces page with these search values. */
export const workspacesHref = (search: Partial<WorkspaceSearch> = {}) => serialize("/workspaces", search);
