import { Notice } from "@/components/ui/notice";
import type { ConnectionOutcome } from "@/lib/auth/schema";

/** Says what came of the visit to the identity provider from which the user has just returned. */
export function ConnectionNotice({ outcome, provider }: { outcome: ConnectionOutcome; provider: string }) {
  return <Notice tone={tones[outcome] ?? "bad"}>{sentences[outcome](provider)}</Notice>;
}

const tones: Partial<Record<ConnectionOutcome, "ok" | "info">> = {
  connected: "ok",
  already: "info",
  cancelled: "info",
};

const sentences: Record<ConnectionOutcome, (provider: string) => string> = {
  connected: (provider) => `Your account is connected with ${provider}.`,
  already: (provider) => `Your account was already connected with ${provider}. Nothing was changed.`,
  taken: (provider) =>
    `You already have another account here, which you sign in to with ${provider}. An administrator can remove that one; then connect again.`,
  cancelled: (provider) => `You cancelled the sign-in with ${provider}. Nothing was changed.`,
  unreachable: (provider) => `${provider} can't be reached at the moment. Nothing was changed. Try again later.`,
  misconfigured: (provider) => `Sign-in with ${provider} isn't set up correctly. Contact an administrator.`,
  refused: (provider) => `Couldn't connect your account with ${provider}. Try again.`,
  disabled: () => "Your account is disabled. Contact an administrator.",
  unavailable: () => "The server can't do this at the moment. Nothing was changed. Try again in a moment.",
};
