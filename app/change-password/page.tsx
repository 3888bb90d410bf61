import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { ChoosePassword } from "@/components/account/choose-password";
import { SignOutButton } from "@/components/auth/sign-out";
import { Mark } from "@/components/ui/mark";
import { requireSignedIn } from "@/lib/auth/current-actor";
import { returnPathOf } from "@/lib/auth/return-path";

export const metadata: Metadata = { title: "Choose your password" };

interface PageProps {
  searchParams: Promise<SearchParams>;
}

/** Every other page leads here until the user has replaced a one-time password. `?return=` is the page to open afterwards. */
export default async function ChoosePasswordPage({ searchParams }: PageProps) {
  const who = await requireSignedIn();
  const returnTo = returnPathOf(await searchParams);
  if (!who.mustChangePassword) redirect(returnTo);
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 py-10">
      <div className="flex w-full max-w-96 flex-col gap-6">
        <div className="flex flex-col gap-3">
          <Mark className="size-9" />
          <h1 className="text-xl font-semibold tracking-tight">Choose your password</h1>
          <p className="text-muted">
            You signed in as <span className="wrap-anywhere">{who.userName}</span> with a temporary password. Choose a
            new password to continue.
          </p>
        </div>
        <ChoosePassword userName={who.userName} returnTo={returnTo} />
        <div className="border-t border-line pt-2">
          <SignOutButton />
        </div>
      </div>
    </main>
  );
}
