import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { Mosaic } from "@/components/auth/mosaic";
import { OtherAddress } from "@/components/auth/other-address";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Mark } from "@/components/ui/mark";
import { Notice } from "@/components/ui/notice";
import { currentActor } from "@/lib/auth/current-actor";
import { identityProviderName } from "@/lib/auth/identity-provider";
import { ownOrigins } from "@/lib/auth/origins";
import { returnPathOf } from "@/lib/auth/return-path";
import { type ProviderFailure, providerFailure, type SignInReason, signInReason } from "@/lib/auth/schema";

export const metadata: Metadata = { title: "Sign in" };

interface PageProps {
  searchParams: Promise<SearchParams>;
}

/** The sign-in page. `?return=` is the page to open afterwards, and `?reason=` says why the user has to sign in. */
export default async function SignInPage({ searchParams }: PageProps) {
  const query = await searchParams;
  const returnTo = returnPathOf(query);
  if (await currentActor()) redirect(returnTo);
  const provider = identityProviderName();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <main className="flex min-h-dvh items-center justify-center px-4 py-10">
        <div className="flex w-full max-w-80 flex-col gap-6">
          <div className="flex flex-col gap-3">
            <Mark className="size-9" />
            <h1 className="text-xl font-semibold tracking-tight">Sign in to Tessera</h1>
          </div>
          <OtherAddress origins={ownOrigins()} />
          <SignInNotice query={query} provider={provider} />
          <SignInForm returnTo={returnTo} provider={provider} />
        </div>
      </main>
      <div className="hidden border-l border-line bg-sunken lg:block">
        <Mosaic />
      </div>
    </div>
  );
}

function SignInNotice({ query, provider }: { query: SearchParams; provider: string | null }) {
  const name = provider ?? "the identity provider";
  if (query.error !== undefined) {
    const failure = providerFailure.catch("refused").parse(query.error);
    return <Notice tone={failure === "cancelled" ? "info" : "bad"}>{failures[failure](name)}</Notice>;
  }
  // The provider repeats the state after a sign-out.
  const reason = signInReason.safeParse(query.reason ?? query.state);
  return (
    reason.success && <Notice tone={reason.data === "signed-out" ? "ok" : "info"}>{reasons[reason.data](name)}</Notice>
  );
}

const reasons: Record<SignInReason, (provider: string) => string> = {
  expired: () => "Your session has expired. Sign in to continue where you left off.",
  ended: () => "Your session was ended. Sign in to continue where you left off.",
  "signed-out": () => "You're signed out.",
  "signed-out-here": (provider) =>
    `You're signed out of Tessera. ${provider} couldn't be reached, so you may still be signed in there.`,
};

const failures: Record<ProviderFailure, (provider: string) => string> = {
  cancelled: (provider) => `You cancelled the sign-in with ${provider}.`,
  unreachable: (provider) => `${provider} can't be reached at the moment. Try again later.`,
  misconfigured: (provider) => `Sign-in with ${provider} isn't set up correctly. Contact an administrator.`,
  refused: (provider) => `Couldn't sign in with ${provider}. Try again.`,
  disabled: () => "Your account is disabled. Contact an administrator.",
  unavailable: () => "The server can't sign you in at the moment. Try again in a moment.",
};
