"use client";

import { Search } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { cx } from "@/components/ui/cx";
import { Input, Select } from "@/components/ui/input";
import { appSearch, appSorts } from "./search";

/** Search over the apps, and their order where there are no column headers. Kept in the URL. */
export function AppFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(appSearch, { shallow: false, startTransition });
  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-48 flex-1 sm:max-w-80">
        <Search
          aria-hidden
          className={cx("pointer-events-none absolute top-2 left-2.5 size-4 text-muted", isPending && "animate-pulse")}
        />
        <Input
          type="search"
          aria-label="Search apps"
          placeholder="Search name, address or workspace"
          value={search.q}
          onChange={(event) =>
            setSearch({ q: event.target.value || null, after: null }, { limitUrlUpdates: debounce(250) })
          }
          className="pl-8"
        />
      </div>
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
