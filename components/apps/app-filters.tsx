"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { SearchField } from "@/components/data-table/search-field";
import { Select } from "@/components/forms/input";
import { appSearch, appSorts } from "./search";

/** Search for apps, and their order where the table has no headers. Kept in the URL. */
export function AppFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(appSearch, { shallow: false, startTransition });
  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <SearchField
        label="Search apps"
        placeholder="Search name, URL or workspace"
        q={search.q}
        isPending={isPending}
        onSearch={(q, options) => setSearch({ q, after: null }, options)}
      />
      <Select
        aria-label="Sort by"
        value={search.sort}
        onChange={(event) => setSearch({ sort: appSearch.sort.parse(event.target.value), after: null })}
        className="min-w-40 flex-1 md:hidden"
      >
        {Object.entries(appSorts).map(([sort, name]) => (
          <option key={sort} value={sort}>
            {name}
          </option>
        ))}
      </Select>
    </search>
  );
}
