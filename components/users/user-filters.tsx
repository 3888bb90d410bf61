"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { SearchField } from "@/components/data-table/search-field";
import { Select } from "@/components/forms/input";
import { userSearch } from "./search";

/** Search and filter for users, kept in the URL. A change starts from the first page. */
export function UserFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(userSearch, { shallow: false, startTransition });

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <SearchField
        label="Search users"
        placeholder="Search username or name"
        q={search.q}
        isPending={isPending}
        onSearch={(q, options) => setSearch({ q, after: null }, options)}
      />
      <Select
        aria-label="Show"
        value={search.state ?? ""}
        onChange={(event) => setSearch({ state: userSearch.state.parse(event.target.value), after: null })}
        className="w-36"
      >
        <option value="">All statuses</option>
        <option value="enabled">Active</option>
        <option value="disabled">Disabled</option>
      </Select>
    </search>
  );
}
