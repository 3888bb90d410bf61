import type { Metadata } from "next";
import { EditRole } from "@/components/roles/edit-role";
import { peopleIn } from "@/components/roles/labels";
import { RemoveRole } from "@/components/roles/remove-role";
import { PageHeader } from "@/components/ui/page-header";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import { assignableItems, getRole } from "@/lib/roles/queries";
import { orNotFound } from "../../../or-not-found";
import { requireAdministrator } from "../../require-administrator";

export const metadata: Metadata = { title: "Role" };

export default async function RolePage({ params }: { params: Promise<{ role: string }> }) {
  const who = await requireAdministrator();
  const { role: name } = await params;
  const role = await orNotFound(() => getRole(who, name));
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
          <Fact name="Held by">{peopleIn(role.people)}</Fact>
          <Fact name="Kind">{role.builtIn ? "Built in; it can be edited, not removed" : "Made here"}</Fact>
        </Facts>
      </Card>
      {role.can.edit ? (
        <Section title="Settings">
          <EditRole role={role} puttable={await assignableItems(who)} />
        </Section>
      ) : (
        <p className="text-muted">This role holds everything; only somebody who does, too, can change or give it.</p>
      )}
    </>
  );
}
