import { Plus } from "lucide-react";
import { RoleTable } from "@/components/roles/role-table";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { listRoles } from "@/lib/roles/queries";
import { requireAdministrator } from "../../require-administrator";

export const metadata = { title: "Roles" };

export default async function RolesPage() {
  const roles = await listRoles(await requireAdministrator());
  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }]}
        title="Roles"
        description="Named sets of permissions that you assign to users."
        actions={
          <ButtonLink href="/admin/roles/new" variant="primary" icon={<Plus aria-hidden />}>
            New role
          </ButtonLink>
        }
      />
      <RoleTable roles={roles.items} />
    </>
  );
}
