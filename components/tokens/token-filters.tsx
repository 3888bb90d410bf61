"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { SearchField } from "@/components/data-table/search-field";
import { Select } from "@/components/forms/input";
import { tokenSearch, tokenSorts } from "./search";

/** Search and filter for both tables, kept in the URL. */
export function TokenFilters({ noun, fields }: { noun: string; fields: string }) {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(tokenSearch, { shallow: false, startTransition });
  const fromStart = { after: null, expiredAfter: null };

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <SearchField
        label={`Search ${noun}`}
        placeholder={`Search ${fields}`}
        q={search.q}
        isPending={isPending}
        onSearch={(q, options) => setSearch({ ...fromStart, q }, options)}
      />
      <Select
        aria-label="Show"
        value={search.state}
        onChange={(event) => setSearch({ ...fromStart, state: tokenSearch.state.parse(event.target.value) })}
        className="w-36 max-md:min-w-32 max-md:flex-1"
      >
        <option value="active">All statuses</option>
        <option value="enabled">Active</option>
        <option value="disabled">Disabled</option>
      </Select>
      <Select
        aria-label="Sort by"
        value={search.sort}
        onChange={(event) => setSearch({ ...fromStart, sort: tokenSearch.sort.parse(event.target.value) })}
        className="min-w-40 flex-1 md:hidden"
      >
        {Object.entries(tokenSorts).map(([sort, name]) => (
          <option key={sort} value={sort}>
            {name}
          </option>
        ))}
      </Select>
    </search>
  );
}
