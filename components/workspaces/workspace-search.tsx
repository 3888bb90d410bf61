"use client";

import { Search } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { cx } from "@/components/ui/cx";
import { Input } from "@/components/ui/input";
import { workspaceSearch } from "./search";

/** Searches names, titles and descriptions; kept in the URL. */
export function WorkspaceSearch() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(workspaceSearch, { shallow: false, startTransition });
  return (
    <search className="relative block w-full sm:max-w-80" aria-busy={isPending}>
      <Search
        aria-hidden
        className={cx("pointer-events-none absolute top-2 left-2.5 size-4 text-muted", isPending && "animate-pulse")}
      />
      <Input
        type="search"
        aria-label="Search workspaces"
        placeholder="Search workspaces"
        value={search.q}
        onChange={(event) =>
          setSearch({ q: event.target.value || null, after: null }, { limitUrlUpdates: debounce(250) })
        }
        className="pl-8"
      />
    </search>
  );
}
