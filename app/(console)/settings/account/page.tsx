import { AccountName } from "@/components/account/account-name";
import { ChangePassword } from "@/components/account/change-password";
import { HeldPermissions } from "@/components/account/held-permissions";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import { getAccount } from "@/lib/account/queries";
import { requireActor } from "@/lib/auth/current-actor";

export const metadata = { title: "Account" };

export default async function AccountPage() {
  const account = await getAccount(await requireActor());
  const hasPassword = account.signsInWith.includes("password");

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }]}
        title="Account"
        description="Who you are here, how you sign in, and what you may do."
      />
      <Card>
        <Facts>
          <Fact name="User name">{account.userName}</Fact>
          <Fact name="Roles">{account.roles.map(({ title }) => title).join(", ") || "None"}</Fact>
          <Fact name="Created">
            <RelativeTime at={account.createdAt} />
          </Fact>
          {account.passwordChangedAt && (
            <Fact name="Password changed">
              <RelativeTime at={account.passwordChangedAt} />
            </Fact>
          )}
        </Facts>
      </Card>
      <Section title="Name">
        <AccountName account={account} />
      </Section>
      <Section
        title="Password"
        description={
          hasPassword
            ? "Changing it signs you out on every other browser and device."
            : "You sign in with the identity provider; there is no password here to change."
        }
      >
        {hasPassword && <ChangePassword userName={account.userName} />}
      </Section>
      <Section
        title="Your permissions"
        description="From your roles, from what others share with you, and from what you own. A token is worth at most this."
      >
        <HeldPermissions permissions={account.permissions} />
      </Section>
    </>
  );
}
