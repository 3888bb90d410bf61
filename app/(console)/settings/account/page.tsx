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
        description="Your profile, password and permissions."
      />
      <Card>
        <Facts>
          <Fact name="Username">{account.userName}</Fact>
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
      <Section title="Profile">
        <AccountName account={account} />
      </Section>
      <Section
        title="Password"
        description={
          hasPassword
            ? "Changing your password signs you out on all other devices."
            : "You sign in through your identity provider, so there is no password to change here."
        }
      >
        {hasPassword && <ChangePassword userName={account.userName} />}
      </Section>
      <Section
        title="Your permissions"
        description="From your roles, items shared with you, and items you own. Your tokens can't do more than this."
      >
        <HeldPermissions permissions={account.permissions} />
      </Section>
    </>
  );
}
