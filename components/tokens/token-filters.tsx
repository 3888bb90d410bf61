"use client";

import { Search } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { cx } from "@/components/ui/cx";
import { Input, Select } from "@/components/ui/input";
import { tokenSearch, tokenSorts } from "./search";

/** Search and filter over both tables, kept in the URL. While the server answers, the field says so and keeps what is typed. */
export function TokenFilters({ noun, fields }: { noun: string; fields: string }) {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(tokenSearch, { shallow: false, startTransition });
  const fromStart = { after: null, expiredAfter: null };

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-48 flex-1 sm:max-w-80">
        <Search
          aria-hidden
          className={cx("pointer-events-none absolute top-2 left-2.5 size-4 text-muted", isPending && "animate-pulse")}
        />
        <Input
          type="search"
          aria-label={`Search ${noun}`}
          placeholder={`Search ${fields}`}
          value={search.q}
          onChange={(event) =>
            setSearch({ ...fromStart, q: event.target.value || null }, { limitUrlUpdates: debounce(250) })
          }
          className="pl-8"
        />
      </div>
      <Select
        aria-label="Show"
        value={search.state}
        onChange={(event) => setSearch({ ...fromStart, state: tokenSearch.state.parse(event.target.value) })}
        className="w-36 max-md:min-w-32 max-md:flex-1"
      >
        <option value="active">All</option>
        <option value="enabled">Enabled</option>
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
