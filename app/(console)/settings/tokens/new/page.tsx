import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { createLoader, parseAsArrayOf, parseAsString, type SearchParams } from "nuqs/server";
import { defaultExpiration, likeLifetime } from "@/components/tokens/expiration";
import { NewToken } from "@/components/tokens/new-token";
import { allGrantable } from "@/components/tokens/permission-choice";
import { draftOf } from "@/components/tokens/token-draft";
import { PageHeader } from "@/components/ui/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { suggestCopyName } from "@/lib/tokens/copy-name";
import { grantableItems } from "@/lib/tokens/grantable";
import { readToken } from "../read-token";

/** `?from=<id>` copies the settings of another token of the actor, `?permission=` selects permissions. */
const loadSearch = createLoader({ from: parseAsString, permission: parseAsArrayOf(parseAsString).withDefault([]) });

interface PageProps {
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ searchParams }: PageProps): Promise<Metadata> {
  const { from } = await loadSearch(searchParams);
  if (!from) return { title: "New token · Tokens" };
  const { name } = await readToken(await requireActor(), from);
  return { title: `Duplicate ${name} · Tokens` };
}

export default async function NewTokenPage({ searchParams }: PageProps) {
  const who = await requireActor();
  const { from, permission } = await loadSearch(searchParams);
  const [original, grantable] = await Promise.all([from ? readToken(who, from) : null, grantableItems(who)]);
  if (original && !original.can.duplicate) notFound();
  const draft = original
    ? {
        ...draftOf(original),
        name: await suggestCopyName(who, original.name),
        enabled: true,
        allPermissions: original.allPermissions && grantable.allPermissions,
      }
    : { name: "", description: "", enabled: true, inUrl: false, allPermissions: false, permissions: permission };
  // The actor may have lost a permission of the other token, and the URL may name any permission.
  const allowed = allGrantable(grantable);
  draft.permissions = draft.permissions.filter((each) => allowed.has(each));

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }, { name: "Manage Tokens", href: "/settings/tokens" }]}
        title={original ? `Duplicate ${original.name}` : "New token"}
        description={
          original
            ? "A new token with the same settings. The original doesn't change."
            : "You can copy it only once, right after you create it."
        }
      />
      <NewToken
        draft={draft}
        isCopy={original !== null}
        expiration={original ? likeLifetime(original.createdAt, original.expiresAt, who.now) : defaultExpiration}
        grantable={grantable}
      />
    </>
  );
}
