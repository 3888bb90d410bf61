import type { Metadata } from "next";
import { StateOf } from "@/components/tokens/cells";
import { EditToken } from "@/components/tokens/edit-token";
import { manageTokensHref } from "@/components/tokens/search";
import { TokenActions } from "@/components/tokens/token-actions";
import { TokenFacts } from "@/components/tokens/token-facts";
import { TokenHistory } from "@/components/tokens/token-history";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { requireActor } from "@/lib/auth/current-actor";
import { grantableItems } from "@/lib/tokens/grantable";
import { tokenHistory } from "@/lib/tokens/queries";
import { readToken } from "../read-token";

const historyLength = 50;

interface PageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { name } = await readToken(await requireActor(), (await params).id);
  return { title: `${name} · Tokens` };
}

export default async function TokenPage({ params }: PageProps) {
  const who = await requireActor();
  const { id } = await params;
  const token = await readToken(who, id);
  const [grantable, history] = await Promise.all([
    token.can.edit ? grantableItems(who) : null,
    tokenHistory(who, id, { limit: historyLength }),
  ]);

  return (
    <>
      <PageHeader
        trail={[{ name: "User Settings" }, { name: "Manage Tokens", href: manageTokensHref({ tab: token.kind }) }]}
        title={token.name}
        description={<StateOf token={token} />}
        actions={<TokenActions token={token} />}
      />
      <TokenFacts token={token} />
      {grantable && (
        <Section title="Settings">
          <EditToken token={token} grantable={grantable} />
        </Section>
      )}
      <Section title="History">
        <TokenHistory events={history.items} isCut={history.nextCursor !== null} />
      </Section>
    </>
  );
}
