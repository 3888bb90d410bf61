import { PageHeader } from "@/components/ui/page-header";
import { NewUser } from "@/components/users/new-user";
import { usersHref } from "@/components/users/search";
import { listRoles } from "@/lib/roles/queries";
import { requireAdministrator } from "../../require-administrator";

export const metadata = { title: "New user · Users" };

export default async function NewUserPage() {
  const roles = await listRoles(await requireAdministrator());
  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }, { name: "Users", href: usersHref() }]}
        title="New user"
        description="You get a temporary password to send them. They choose their own password when they first sign in."
      />
      <NewUser roles={roles.items} />
    </>
  );
}
