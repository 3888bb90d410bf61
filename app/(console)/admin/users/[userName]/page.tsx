import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import { EditUser } from "@/components/users/edit-user";
import { usersHref } from "@/components/users/search";
import { UserActions } from "@/components/users/user-actions";
import { UserState } from "@/components/users/user-state";
import type { Actor } from "@/lib/permissions/actor";
import { listRoles } from "@/lib/roles/queries";
import { getUser } from "@/lib/users/queries";
import { userName as userNameShape } from "@/lib/users/schema";
import { orNotFound } from "../../../or-not-found";
import { requireAdministrator } from "../../require-administrator";

interface PageProps {
  params: Promise<{ userName: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { userName } = await readUser(await requireAdministrator(), (await params).userName);
  return { title: `${userName} · Users` };
}

export default async function UserPage({ params }: PageProps) {
  const who = await requireAdministrator();
  const user = await readUser(who, (await params).userName);
  const roles = await listRoles(who);
  const titles = roles.items.filter(({ name }) => user.roles.includes(name)).map(({ title }) => title);

  return (
    <>
      <PageHeader
        trail={[{ name: "Administration" }, { name: "Users", href: usersHref() }]}
        title={user.userName}
        description={<UserState user={user} />}
        actions={<UserActions user={user} self={who.userName} />}
      />
      <Card>
        <Facts>
          <Fact name="Full name">{user.fullName}</Fact>
          <Fact name="Roles">{titles.join(", ") || "None"}</Fact>
          <Fact name="Signs in with">{user.signsInWith.map((method) => signInMethods[method]).join(", ")}</Fact>
          <Fact name="Created">
            <RelativeTime at={user.createdAt} />
          </Fact>
        </Facts>
      </Card>
      {user.can.change ? (
        <Section title="Settings">
          <EditUser key={JSON.stringify([user.fullName, user.roles])} user={user} roles={roles.items} />
        </Section>
      ) : (
        <p className="text-muted">This user has all permissions. Only users with all permissions can edit them.</p>
      )}
    </>
  );
}

const signInMethods = { password: "Password", provider: "Identity provider" };

/** Reads a user once per request. Without such a user it shows the not-found page. */
const readUser = cache((who: Actor, encoded: string) =>
  orNotFound(() => {
    const name = userNameShape.safeParse(decodeURIComponent(encoded));
    return name.success ? getUser(who, name.data) : notFound();
  }),
);
