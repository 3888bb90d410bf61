import type { SearchParams } from "nuqs/server";
import { AccountName } from "@/components/account/account-name";
import { ChangePassword } from "@/components/account/change-password";
import { ConnectionNotice } from "@/components/account/connection-notice";
import { HeldPermissions } from "@/components/account/held-permissions";
import { ConnectIdentity, DisconnectIdentity } from "@/components/account/identity-connection";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import { getAccount } from "@/lib/account/queries";
import type { AccountView } from "@/lib/account/schema";
import { requireActor } from "@/lib/auth/current-actor";
import { identityProviderName } from "@/lib/auth/identity-provider";
import { connectionOutcome } from "@/lib/auth/schema";

export const metadata = { title: "Account" };

interface PageProps {
  searchParams: Promise<SearchParams>;
}

/** The user's own account. `?provider=` says what came of connecting it with the identity provider. */
export default async function AccountPage({ searchParams }: PageProps) {
  const account = await getAccount(await requireActor());
  const hasPassword = account.signsInWith.includes("password");
  const isConnected = account.signsInWith.includes("provider");
  const outcome = connectionOutcome.safeParse((await searchParams).provider);
  const provider = identityProviderName();

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }]}
        title="Account"
        description="Your profile, password and permissions."
      />
      {outcome.success && <ConnectionNotice outcome={outcome.data} provider={provider ?? someProvider} />}
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
        {hasPassword && (
          <ChangePassword userName={account.userName} provider={isConnected ? (provider ?? someProvider) : null} />
        )}
      </Section>
      {(provider || isConnected) && <IdentitySection account={account} provider={provider} />}
      <Section
        title="Your permissions"
        description="From your roles, items shared with you, and items you own. Your tokens can't do more than this."
      >
        <HeldPermissions permissions={account.permissions} />
      </Section>
    </>
  );
}

const someProvider = "your identity provider";

function IdentitySection({
  account: { userName, signsInWith },
  provider,
}: {
  account: AccountView;
  /** Null while none is configured. */
  provider: string | null;
}) {
  const isConnected = signsInWith.includes("provider");
  const hasPassword = signsInWith.includes("password");
  const name = provider ?? someProvider;
  return (
    <Section title={provider ?? "Identity provider"} description={describeConnection(name, isConnected, hasPassword)}>
      {(hasPassword || !isConnected) && (
        <div>
          {isConnected ? (
            <DisconnectIdentity userName={userName} provider={name} />
          ) : (
            <ConnectIdentity userName={userName} provider={name} />
          )}
        </div>
      )}
    </Section>
  );
}

function describeConnection(provider: string, isConnected: boolean, hasPassword: boolean): string {
  if (!isConnected) return `Connect your account, and you can also sign in with ${provider}.`;
  if (hasPassword) return `Connected. You can sign in with ${provider} or with your password.`;
  return `Connected. You can't disconnect it, because you have no other way to sign in.`;
}
