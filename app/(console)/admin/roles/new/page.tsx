import { NewRole } from "@/components/roles/new-role";
import { PageHeader } from "@/components/ui/page-header";
import { assignableItems } from "@/lib/roles/queries";
import { requireAdministrator } from "../../require-administrator";

export const metadata = { title: "New role · Roles" };

export default async function NewRolePage() {
  const assignable = await assignableItems(await requireAdministrator());
  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }, { name: "Roles", href: "/admin/roles" }]}
        title="New role"
        description="After you create it, assign it to users."
      />
      <NewRole assignable={assignable} />
    </>
  );
}
