"use client";

import { X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useId, useTransition } from "react";
import { afterTyping, SearchField } from "@/components/data-table/search-field";
import { Input, Select } from "@/components/forms/input";
import { Button } from "@/components/ui/button";
import { isFiltered, jobSearch } from "./search";

/** Filters the jobs. The filters are in the URL. A change of a filter shows the first page. */
export function JobFilters({
  workspaces,
  apps,
  showsUsers,
}: {
  workspaces: { repository: string; name: string }[];
  apps: { slug: string; name: string }[];
  /** Whether the jobs of several users are listed. */
  showsUsers: boolean;
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
      <SearchField
        label="Search jobs"
        placeholder="Search by name or number"
        q={search.q}
        isPending={isPending}
        onSearch={(q, options) => setSearch({ q, after: null }, options)}
      />
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
      {showsUsers && (
        <Input
          aria-label="Submitted by"
          placeholder="Username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={search.user ?? ""}
          onChange={(event) => setSearch({ user: event.target.value || null, after: null }, afterTyping)}
          className="w-36"
        />
      )}
      <DayInput label="From" day={search.from} onChange={(from) => setSearch({ from, after: null })} />
      <DayInput label="To" day={search.to} onChange={(to) => setSearch({ to, after: null })} />
      {isFiltered({ ...search, status: null }) && (
        <Button
          variant="quiet"
          icon={<X aria-hidden />}
          onClick={() => setSearch({ ...cleared, status: search.status })}
        >
          Clear filters
        </Button>
      )}
    </search>
  );
}

const cleared = Object.fromEntries(Object.keys(jobSearch).map((key) => [key, null]));

function DayInput({
  label,
  day,
  onChange,
}: {
  label: string;
  day: string | null;
  onChange: (day: string | null) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5 text-sm text-muted">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="date"
        value={day ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
        className="w-36"
      />
    </div>
  );
}
