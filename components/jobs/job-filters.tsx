"use client";

import { X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Select } from "@/components/forms/input";
import { Button } from "@/components/ui/button";
import { statuses, statusWord } from "./job-status";
import { jobSearch } from "./search";

/** Filters the jobs. The filters are in the URL. A change of a filter shows the first page. */
export function JobFilters({
  workspaces,
  apps,
}: {
  workspaces: { repository: string; name: string }[];
  apps: { slug: string; name: string }[];
}) {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(jobSearch, { shallow: false, startTransition });
  const chosen = search.repository && search.workspace ? `${search.repository}/${search.workspace}` : "";
  const paths = workspaces.map(({ repository, name }) => `${repository}/${name}`);

  function chooseWorkspace(path: string) {
    const [repository, workspace] = path.split("/");
    setSearch({ repository: repository || null, workspace: workspace ?? null, after: null });
  }

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <Select
        aria-label="Status"
        value={search.status ?? ""}
        onChange={(event) => setSearch({ status: jobSearch.status.parse(event.target.value), after: null })}
        className="w-40"
      >
        <option value="">All statuses</option>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Workspace"
        value={chosen}
        onChange={(event) => chooseWorkspace(event.target.value)}
        className="w-72 max-w-full"
      >
        <option value="">All workspaces</option>
        {/* The URL may filter by a workspace that was removed. */}
        {chosen && !paths.includes(chosen) && <option value={chosen}>{chosen}</option>}
        {paths.map((path) => (
          <option key={path} value={path}>
            {path}
          </option>
        ))}
      </Select>
      {(apps.length > 0 || search.app) && (
        <Select
          aria-label="App"
          value={search.app ?? ""}
          onChange={(event) => setSearch({ app: event.target.value || null, after: null })}
          className="w-56 max-w-full"
        >
          <option value="">All sources</option>
          {search.app && apps.every(({ slug }) => slug !== search.app) && (
            <option value={search.app}>{search.app}</option>
          )}
          {apps.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {(search.status || chosen || search.app) && (
        <Button
          variant="quiet"
          icon={<X aria-hidden />}
          onClick={() => setSearch({ status: null, repository: null, workspace: null, app: null, after: null })}
        >
          Clear filters
        </Button>
      )}
    </search>
  );
}
