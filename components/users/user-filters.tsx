"use client";

import { Search } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { cx } from "@/components/ui/cx";
import { Input, Select } from "@/components/ui/input";
import { userSearch } from "./search";

/** Which accounts are shown; kept in the URL. Narrowing always starts from the first page. */
export function UserFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(userSearch, { shallow: false, startTransition });

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-48 flex-1 sm:max-w-80">
        <Search
          aria-hidden
          className={cx("pointer-events-none absolute top-2 left-2.5 size-4 text-muted", isPending && "animate-pulse")}
        />
        <Input
          type="search"
          aria-label="Search accounts"
          placeholder="Search user name or name"
          maxLength={100}
          value={search.q}
          onChange={(event) =>
            setSearch({ q: event.target.value || null, after: null }, { limitUrlUpdates: debounce(250) })
          }
          className="pl-8"
        />
      </div>
      <Select
        aria-label="Show"
        value={search.state ?? ""}
        onChange={(event) => setSearch({ state: userSearch.state.parse(event.target.value), after: null })}
        className="w-36"
      >
        <option value="">All</option>
        <option value="enabled">Enabled</option>
        <option value="disabled">Disabled</option>
      </Select>
    </search>
  );
}
