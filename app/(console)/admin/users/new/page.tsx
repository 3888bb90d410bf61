import { PageHeader } from "@/components/ui/page-header";
import { NewUser } from "@/components/users/new-user";
import { usersHref } from "@/components/users/search";
import { listRoles } from "@/lib/roles/queries";
import { requireAdministrator } from "../../require-administrator";

export const metadata = { title: "New account" };

export default async function NewUserPage() {
  const roles = await listRoles(await requireAdministrator());
  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }, { name: "Users", href: usersHref() }]}
        title="New account"
        description="Its one-time password is shown right after you create it. Hand it over; at their first sign-in they choose their own."
      />
      <NewUser roles={roles.items} />
    </>
  );
}
