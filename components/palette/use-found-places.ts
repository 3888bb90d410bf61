import { useEffect, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { statusWord } from "@/components/jobs/job-status";
import { userHref } from "@/components/users/search";
import { runPageOf } from "@/components/workspaces/run-page-url";
import type { AppView } from "@/lib/apps/schema";
import type { JobView } from "@/lib/jobs/schema";
import type { TokenView } from "@/lib/tokens/schema";
import type { UserView } from "@/lib/users/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import type { Place, PlaceGroup } from "./places";

const lengthMin = 2;
const delayMs = 150;
const itemsMax = 5;

interface Found {
  groups: PlaceGroup[];
  isSearching: boolean;
  problem: string | null;
}

const nothing: Found = { groups: [], isSearching: false, problem: null };

/** Searches tokens, workspaces, apps, jobs and, for administrators, users, when the typing pauses. */
export function useFoundPlaces(typed: string, administers: boolean): Found {
  const [found, setFound] = useState(nothing);
  const text = typed.trim();

  useEffect(() => {
    if (text.length < lengthMin) {
      setFound(nothing);
      return;
    }
    let isCurrent = true;
    setFound((before) => ({ ...before, isSearching: true }));
    const timer = setTimeout(async () => {
      const outcome = await search(text, administers).catch((error: unknown) => {
        if (error instanceof ApiProblem) return error;
        throw error;
      });
      if (!isCurrent) return;
      const problem = outcome instanceof ApiProblem ? outcome.message : null;
      setFound({ groups: outcome instanceof ApiProblem ? [] : outcome, isSearching: false, problem });
    }, delayMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, administers]);

  return found;
}

async function search(text: string, administers: boolean): Promise<PlaceGroup[]> {
  const query = new URLSearchParams({ q: text.slice(0, 100), limit: String(itemsMax) });
  const groups = await Promise.all([
    groupOf("Tokens", `/api/v1/tokens?kind=api&${query}`, ({ id, name, state }: TokenView) => ({
      id,
      name,
      note: state === "active" ? undefined : state,
      href: `/settings/tokens/${id}`,
    })),
    groupOf("Workspaces", `/api/v1/workspaces?${query}`, ({ repository, name, title }: WorkspaceView) => ({
      id: `${repository}/${name}`,
      name: title,
      note: `${repository}/${name}`,
      href: runPageOf({ repository, workspace: name }),
    })),
    groupOf("Apps", `/api/v1/apps?${query}`, ({ slug, name }: AppView) => ({ id: slug, name, href: `/apps/${slug}` })),
    groupOf("Jobs", `/api/v1/jobs?${query}`, ({ id, repository, workspace, status }: JobView) => ({
      id: String(id),
      name: `Job ${id}`,
      note: `${repository}/${workspace}, ${statusWord(status).toLowerCase()}`,
      href: `/jobs/${id}`,
    })),
    ...(administers
      ? [
          groupOf("Users", `/api/v1/users?${query}`, ({ userName, fullName }: UserView) => ({
            id: userName,
            name: userName,
            note: fullName,
            href: userHref(userName),
          })),
        ]
      : []),
  ]);
  return groups.filter(({ items }) => items.length > 0);
}

/** The first items of a list of the API. Empty for a user who may not see the list. */
async function groupOf<Item>(
  value: string,
  path: `/api/v1/${string}`,
  placeOf: (item: Item) => Place,
): Promise<PlaceGroup> {
  const { items } = await api<{ items: Item[] }>("GET", path).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.status === 403) return { items: [] };
    throw error;
  });
  const places = items.map(placeOf);
  return { value, items: places.map((place) => ({ ...place, id: `${value} ${place.id}` })) };
}
