"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { SearchField } from "@/components/data-table/search-field";
import { workspaceSearch } from "./search";

/** Searches names, titles and descriptions of workspaces. The search text is in the URL. */
export function WorkspaceSearch() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(workspaceSearch, { shallow: false, startTransition });
  return (
    <search className="flex" aria-busy={isPending}>
      <SearchField
        label="Search workspaces"
        placeholder="Search workspaces"
        q={search.q}
        isPending={isPending}
        onSearch={(q, options) => setSearch({ q, after: null }, options)}
      />
    </search>
  );
}
