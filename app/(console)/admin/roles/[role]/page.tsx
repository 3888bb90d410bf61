import type { Metadata } from "next";
import { cache } from "react";
import { EditRole } from "@/components/roles/edit-role";
import { peopleIn } from "@/components/roles/labels";
import { RemoveRole } from "@/components/roles/remove-role";
import { PageHeader } from "@/components/ui/page-header";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import type { Actor } from "@/lib/permissions/actor";
import { assignableItems, getRole } from "@/lib/roles/queries";
import { orNotFound } from "../../../or-not-found";
import { requireAdministrator } from "../../require-administrator";

/** Reads a role once per request. Without such a role it shows the not-found page. */
const readRole = cache((who: Actor, name: string) => orNotFound(() => getRole(who, name)));

interface PageProps {
  params: Promise<{ role: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { title } = await readRole(await requireAdministrator(), (await params).role);
  return { title: `${title} · Roles` };
}

export default async function RolePage({ params }: PageProps) {
  const who = await requireAdministrator();
  const { role: name } = await params;
  const role = await readRole(who, name);
  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }, { name: "Roles", href: "/admin/roles" }]}
        title={role.title}
        description={role.description || undefined}
        actions={role.can.remove && <RemoveRole role={role} />}
      />
      <Card>
        <Facts>
          <Fact name="Name">
            <code className="font-mono text-sm">{role.name}</code>
          </Fact>
          <Fact name="Members">{peopleIn(role.people)}</Fact>
          <Fact name="Kind">{role.builtIn ? "Built in. It can be edited, but not removed." : "Custom"}</Fact>
        </Facts>
      </Card>
      {role.can.edit ? (
        <Section title="Settings">
          <EditRole role={role} assignable={await assignableItems(who)} />
        </Section>
      ) : (
        <p className="text-muted">
          This role has all permissions. Only users with all permissions can edit or assign it.
        </p>
      )}
    </>
  );
}
