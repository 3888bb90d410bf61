import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { Mosaic } from "@/components/auth/mosaic";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Mark } from "@/components/ui/mark";
import { Notice } from "@/components/ui/notice";
import { currentActor, identityProviderName } from "@/lib/auth/current-actor";
import { returnPathOf } from "@/lib/auth/return-path";
import { type SignInReason, signInReason } from "@/lib/auth/schema";

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
  if (query.error === "AccessDenied") {
    return <Notice tone="bad">Your account is disabled. Contact an administrator.</Notice>;
  }
  if (query.error !== undefined) {
    return <Notice tone="bad">Couldn't sign in with {provider ?? "the identity provider"}. Try again.</Notice>;
  }
  const reason = signInReason.safeParse(query.reason);
  return reason.success && <Notice tone={reason.data === "signed-out" ? "ok" : "info"}>{reasons[reason.data]}</Notice>;
}

const reasons: Record<SignInReason, string> = {
  expired: "Your session has expired. Sign in to continue where you left off.",
  ended: "Your session was ended. Sign in to continue where you left off.",
  "signed-out": "You're signed out.",
};
