"use client";

import { useState } from "react";
import { Checkbox } from "@/components/forms/choice";
import { SearchInput } from "@/components/forms/search-input";
import { catalog, describePermission, type PermissionAction } from "@/lib/permissions/catalog";
import { containsNormalized } from "@/lib/text";
import type { GrantableItems } from "@/lib/tokens/schema";
import { allGrantable, isCovered, withoutCovered, withPermission } from "./permission-choice";

type Chosen = ReadonlySet<string>;

/**
 * The permissions that the actor can grant, as checkboxes: general ones by resource, then repositories with their workspaces, then
 * apps. A permission that a wider one includes is checked and disabled. Titles come from the catalog.
 */
export function PermissionGrid({
  grantable,
  chosen,
  fixed,
  beyond = { title: "Permissions you no longer have", hint: "If you clear one, you can't add it back" },
  onChange,
}: {
  grantable: GrantableItems;
  chosen: Chosen;
  /** A chosen permission that cannot be cleared. */
  fixed?: string;
  /** The title of chosen permissions that the actor cannot grant (any more). */
  beyond?: { title: string; hint: string };
  onChange: (chosen: Chosen) => void;
}) {
  const [wanted, setWanted] = useState("");
  const found = filterItems(grantable, wanted);
  // Permissions that were granted before and cannot be granted now have no effect, but stay until someone clears them.
  const [lost] = useState(() => {
    const held = allGrantable(grantable);
    return [...chosen].filter((permission) => !held.has(permission));
  });
  const boxes: BoxProps = { chosen, fixed, onChange };

  return (
    <div className="@container rounded border border-line bg-surface">
      <GridHeader wanted={wanted} onSearch={setWanted} count={withoutCovered(chosen).length} />
      <div className="max-h-112 overflow-y-auto">
        {found.general.map((entry) => (
          <Row key={entry.resource} name={entry.title}>
            <Boxes {...boxes} item={entry.resource} actions={entry.general} />
          </Row>
        ))}
        {found.repositories.map((repository) => (
          <RepositoryRows key={repository.name} repository={repository} boxes={boxes} />
        ))}
        {found.apps.map((app) => (
          <Row key={app.slug} name={app.name} kind={`App ${app.slug}`}>
            <Boxes {...boxes} item={`app/${app.slug}`} actions={itemActions("app")} allowed={app.permissions} />
          </Row>
        ))}
        {lost.length > 0 && wanted === "" && (
          <Row name={beyond.title} kind={beyond.hint}>
            {lost.map((permission) => (
              <Checkbox
                key={permission}
                label={describePermission(permission)}
                checked={chosen.has(permission)}
                onChange={(event) => onChange(withPermission(chosen, permission, event.target.checked))}
                className="col-span-full"
              />
            ))}
          </Row>
        )}
        {found.general.length + found.repositories.length + found.apps.length === 0 && (
          <p className="p-4 text-muted">
            {wanted ? `No permissions match “${wanted}”.` : "You have no permissions to grant."}
          </p>
        )}
      </div>
    </div>
  );
}

/** The entries whose names contain the search text. */
function filterItems(grantable: GrantableItems, wanted: string) {
  const matches = (...names: string[]) => names.some((name) => containsNormalized(name, wanted.trim()));
  return {
    general: catalog
      .map((entry) => ({
        ...entry,
        general: entry.general.filter(({ action }) => grantable.general.includes(`${entry.resource}:${action}`)),
      }))
      .filter((entry) => entry.general.length > 0 && matches(entry.title)),
    repositories: grantable.repositories.flatMap((repository) => {
      const workspaces = repository.workspaces.filter(({ name, title }) => matches(repository.name, name, title));
      return workspaces.length > 0 || matches(repository.name) ? [{ ...repository, workspaces }] : [];
    }),
    apps: grantable.apps.filter(({ slug, name }) => matches(slug, name)),
  };
}

function GridHeader({
  wanted,
  onSearch,
  count,
}: {
  wanted: string;
  onSearch: (wanted: string) => void;
  count: number;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line p-2">
      <SearchInput
        label="Search permissions"
        placeholder="Search repositories, workspaces and apps"
        value={wanted}
        onChange={(event) => onSearch(event.target.value)}
        className="min-w-40 flex-1"
      />
      <p role="status" className="px-1 text-sm text-muted tabular-nums">
        {`${count} selected`}
      </p>
    </div>
  );
}

function RepositoryRows({
  repository,
  boxes,
}: {
  repository: GrantableItems["repositories"][number];
  boxes: BoxProps;
}) {
  const { name, permissions, workspaces } = repository;
  return (
    <div>
      <Row name={name} kind="Repository">
        <Boxes {...boxes} item={`repository/${name}`} actions={itemActions("repository")} allowed={permissions} />
      </Row>
      {workspaces.map((workspace) => (
        <Row key={workspace.name} name={workspace.title} kind={`${name}/${workspace.name}`} indented>
          <Boxes
            {...boxes}
            item={`workspace/${name}/${workspace.name}`}
            actions={itemActions("workspace")}
            allowed={workspace.permissions}
          />
        </Row>
      ))}
    </div>
  );
}

interface BoxProps {
  chosen: Chosen;
  fixed?: string;
  onChange: (chosen: Chosen) => void;
}

/** The checkboxes of one item or resource. `allowed` limits them to the permissions that can be granted. */
function Boxes({
  item,
  actions,
  allowed,
  chosen,
  fixed,
  onChange,
}: BoxProps & { item: string; actions: readonly PermissionAction[]; allowed?: readonly string[] }) {
  return actions
    .map(({ action, title, description }) => ({ permission: `${item}:${action}`, title, description }))
    .filter(({ permission }) => allowed?.includes(permission) ?? true)
    .map(({ permission, title, description }) => {
      const covered = permission === fixed || isCovered(chosen, permission);
      return (
        <Checkbox
          key={permission}
          label={title}
          title={description}
          checked={covered || chosen.has(permission)}
          disabled={covered}
          onChange={(event) => onChange(withPermission(chosen, permission, event.target.checked))}
        />
      );
    });
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
