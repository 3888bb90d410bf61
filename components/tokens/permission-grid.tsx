"use client";

import { Search } from "lucide-react";
import { useId, useState } from "react";
import { Checkbox } from "@/components/forms/choice";
import { Input } from "@/components/forms/input";
import { catalog, describePermission, type PermissionAction } from "@/lib/permissions/catalog";
import type { GrantableItems } from "@/lib/tokens/schema";
import { allGrantable, isCovered, withoutCovered } from "./permission-choice";

/**
 * The permissions one may give, as boxes to tick: the general ones by resource, then each repository with its workspaces, then
 * the apps.
 * What something wider already holds is ticked and greyed. Everything comes from the catalogue.
 */
export function PermissionGrid({
  grantable,
  chosen,
  fixed,
  beyond = { title: "Permissions you no longer have", hint: "If you clear one, you can't add it back" },
  onChange,
}: {
  grantable: GrantableItems;
  chosen: ReadonlySet<string>;
  /** One of the chosen that cannot be unticked. */
  fixed?: string;
  /** How those are introduced that were chosen before and cannot be given any more. */
  beyond?: { title: string; hint: string };
  onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const [wanted, setWanted] = useState("");
  const search = useId();
  const matches = (...names: string[]) =>
    names.some((name) => name.toLowerCase().includes(wanted.trim().toLowerCase()));

  const general = catalog
    .map((entry) => ({
      ...entry,
      general: entry.general.filter(({ action }) => grantable.general.includes(`${entry.resource}:${action}`)),
    }))
    .filter((entry) => entry.general.length > 0 && matches(entry.title));
  const repositories = grantable.repositories.flatMap((repository) => {
    const workspaces = repository.workspaces.filter(({ name, title }) => matches(repository.name, name, title));
    return workspaces.length > 0 || matches(repository.name) ? [{ ...repository, workspaces }] : [];
  });
  const apps = grantable.apps.filter(({ slug, name }) => matches(slug, name));
  const count = withoutCovered(chosen).length;
  const mine = allGrantable(grantable);
  // Given once and lost since: worth nothing now, but they stay given until somebody unticks them.
  const [lost] = useState(() => [...chosen].filter((permission) => !mine.has(permission)));

  function toggle(permission: string, ticked: boolean) {
    const next = new Set(chosen);
    if (ticked) next.add(permission);
    else next.delete(permission);
    onChange(next);
  }

  const boxes = (of: string, actions: readonly PermissionAction[], allowed: (permission: string) => boolean) =>
    actions
      .map(({ action, title, description }) => ({ permission: `${of}:${action}`, title, description }))
      .filter(({ permission }) => allowed(permission))
      .map(({ permission, title, description }) => {
        const covered = permission === fixed || isCovered(chosen, permission);
        return (
          <Checkbox
            key={permission}
            label={title}
            title={description}
            checked={covered || chosen.has(permission)}
            disabled={covered}
            onChange={(event) => toggle(permission, event.target.checked)}
          />
        );
      });

  return (
    <div className="@container rounded border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line p-2">
        <div className="relative min-w-40 flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
          <Input
            id={search}
            type="search"
            aria-label="Search permissions"
            placeholder="Search repositories, workspaces and apps"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            className="pl-8"
          />
        </div>
        <p role="status" className="px-1 text-sm text-muted tabular-nums">
          {`${count} selected`}
        </p>
      </div>
      <div className="max-h-112 overflow-y-auto">
        {general.map((entry) => (
          <Row key={entry.resource} name={entry.title}>
            {boxes(entry.resource, entry.general, () => true)}
          </Row>
        ))}
        {repositories.map((repository) => (
          <div key={repository.name}>
            <Row name={repository.name} kind="Repository">
              {boxes(`repository/${repository.name}`, itemActions("repository"), (each) =>
                repository.permissions.includes(each),
              )}
            </Row>
            {repository.workspaces.map((workspace) => (
              <Row key={workspace.name} name={workspace.title} kind={`${repository.name}/${workspace.name}`} indented>
                {boxes(`workspace/${repository.name}/${workspace.name}`, itemActions("workspace"), (each) =>
                  workspace.permissions.includes(each),
                )}
              </Row>
            ))}
          </div>
        ))}
        {apps.map((app) => (
          <Row key={app.slug} name={app.name} kind={`App ${app.slug}`}>
            {boxes(`app/${app.slug}`, itemActions("app"), (each) => app.permissions.includes(each))}
          </Row>
        ))}
        {lost.length > 0 && wanted === "" && (
          <Row name={beyond.title} kind={beyond.hint}>
            {lost.map((permission) => (
              <Checkbox
                key={permission}
                label={describePermission(permission)}
                checked={chosen.has(permission)}
                onChange={(event) => toggle(permission, event.target.checked)}
                className="col-span-full"
              />
            ))}
          </Row>
        )}
        {general.length + repositories.length + apps.length === 0 && (
          <p className="p-4 text-muted">
            {wanted ? `No permissions match “${wanted}”.` : "You have no permissions to grant."}
          </p>
        )}
      </div>
    </div>
  );
}

function Row({
  name,
  kind,
  indented = false,
  children,
}: {
  name: string;
  kind?: string;
  indented?: boolean;
  children: React.ReactNode;
}) {
  return (
    <fieldset
      className={`grid gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0 @min-[44rem]:grid-cols-[minmax(0,1fr)_33rem] ${indented ? "@min-[44rem]:pl-10" : ""}`}
    >
      <legend className="contents">
        <span className="min-w-0">
          <span className={indented ? "block" : "block font-medium"}>{name}</span>
          {kind && <span className="block truncate text-sm text-muted">{kind}</span>}
        </span>
      </legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(6.25rem,1fr))] items-start">{children}</div>
    </fieldset>
  );
}

const itemActions = (resource: "repository" | "workspace" | "app"): readonly PermissionAction[] =>
  catalog.flatMap((entry) => (entry.item?.resource === resource ? [...entry.item.actions] : []));
