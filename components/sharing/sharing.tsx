"use client";

import { CircleUserRound, UserPlus, Users } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { notify } from "@/components/ui/toaster";
import { describePermission } from "@/lib/permissions/catalog";
import type { GrantView } from "@/lib/sharing/schema";
import type { Grantable } from "./grantable";

const ShareDialog = part(() => import("./share-dialog"), {
  onClose: ({ onClose }) => onClose(),
});

/** Lists the users and roles that an item is shared with, for its owner to change. */
export function Sharing({
  path,
  noun,
  hint,
  grants,
  grantable,
  roles,
}: {
  /** The path of the item's grants in the API. */
  path: `/api/v1/${string}/grants`;
  /** "repository", "workspace", "app". */
  noun: string;
  /** Another sentence about who can use the item. */
  hint?: ReactNode;
  grants: GrantView[];
  grantable: Grantable;
  /** The roles to choose from. */
  roles: { name: string; title: string }[];
}) {
  const router = useRouter();
  const { act, isBusy } = useAction();
  const [edited, setEdited] = useState<GrantView | "new" | null>(null);

  async function stop({ kind, name, title }: GrantView) {
    await api("DELETE", `${path}/${kind}/${encodeURIComponent(name)}`);
    notify.success(`No longer shared with ${title}`);
    router.refresh();
  }

  return (
    <Section
      title="Shared with"
      description={
        <>
          Users and roles that you share this {noun} with. {hint}
        </>
      }
      actions={
        <Button
          icon={<UserPlus aria-hidden />}
          onPointerEnter={ShareDialog.preload}
          onFocus={ShareDialog.preload}
          onClick={() => setEdited("new")}
        >
          Share…
        </Button>
      }
    >
      {grants.length === 0 ? (
        <NotShared noun={noun} hint={hint} />
      ) : (
        <ul className="divide-y divide-line rounded border border-line bg-surface">
          {grants.map((grant) => (
            <GrantItem
              key={`${grant.kind}/${grant.name}`}
              grant={grant}
              busy={isBusy}
              onChange={"only" in grantable ? undefined : () => setEdited(grant)}
              onStop={() => act(() => stop(grant))}
            />
          ))}
        </ul>
      )}
      {edited && (
        <ShareDialog
          path={path}
          noun={noun}
          grant={edited === "new" ? null : edited}
          grantable={grantable}
          roles={roles}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

function NotShared({ noun, hint }: { noun: string; hint?: ReactNode }) {
  return (
    <p className="rounded border border-dashed border-line px-4 py-3 text-muted">
      {hint
        ? "Not shared."
        : `Not shared. Only you and users with all permissions can ${noun === "app" ? "manage" : "use"} it.`}
    </p>
  );
}

function GrantItem({
  grant,
  busy,
  onChange,
  onStop,
}: {
  grant: GrantView;
  busy: boolean;
  /** Left out when the item has only one permission, so that there is nothing to change. */
  onChange?: () => void;
  onStop: () => void;
}) {
  return (
    <li className="flex flex-col gap-x-6 gap-y-2 px-4 py-3 sm:flex-row sm:items-start sm:justify-between">
      <div className="min-w-0">
        <p className="flex items-start gap-2 font-medium [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted">
          {grant.kind === "roles" ? <Users aria-hidden /> : <CircleUserRound aria-hidden />}
          <span className="min-w-0 break-words">
            {grant.title}{" "}
            <span className="font-normal text-muted">{grant.kind === "roles" ? "all members" : grant.name}</span>
          </span>
        </p>
        <p className="mt-0.5 text-muted sm:pl-6">{grant.permissions.map(describePermission).join(", ")}</p>
      </div>
      <div className="flex shrink-0 gap-2">
        {onChange && (
          <Button size="sm" aria-label={`Change for ${grant.title}`} onClick={onChange}>
            Change…
          </Button>
        )}
        <Button size="sm" busy={busy} aria-label={`Stop sharing with ${grant.title}`} onClick={onStop}>
          Stop sharing
        </Button>
      </div>
    </li>
  );
}
