"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import type { TokenView } from "@/lib/tokens/schema";
import { countIn, labelOf, type TokenAction, whatIn } from "./labels";

const namesMax = 5;

/**
 * Asks before tokens are removed, and before the current session is disabled or removed. It says what used each token last, so that
 * the user knows what will stop working.
 */
export default function ChangeDialog({
  change,
  tokens,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  change: Exclude<TokenAction, "enable">;
  tokens: TokenView[];
  busy: boolean;
  error?: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${labelOf(change, whatIn(tokens))}?`}
      confirm={labelOf(change, countIn(tokens))}
      busy={busy}
      error={error}
      onConfirm={onConfirm}
    >
      {change === "remove" && (
        <>
          <ul className="flex flex-col gap-1">
            {tokens.slice(0, namesMax).map((token) => (
              <li key={token.id}>
                {tokens.length > 1 && <strong>{token.name}: </strong>}
                <Usage token={token} />
                {token.app && (
                  <>
                    {" "}
                    <strong>The app /a/{token.app.slug} stops working</strong> until you replace its token.
                  </>
                )}
              </li>
            ))}
            {tokens.length > namesMax && <li>and {tokens.length - namesMax} more.</li>}
          </ul>
          <p>{effectOfRemoving(tokens)}</p>
        </>
      )}
      {tokens.some((token) => token.current) && (
        <p>
          <strong>This is your current session, so you will be signed out.</strong> After you sign in again, you return
          to this page.
        </p>
      )}
    </ConfirmDialog>
  );
}

/** Describes what stops working: programs for API tokens, devices for sessions. */
function effectOfRemoving(tokens: TokenView[]): string {
  const isOne = tokens.length === 1;
  if (tokens.every((token) => token.kind === "api")) {
    return `Programs that use ${isOne ? "this token" : "these tokens"} stop working. The history is kept. This can't be undone.`;
  }
  if (tokens.every((token) => token.state === "expired")) {
    return `${isOne ? "This device is" : "These devices are"} already signed out. This can't be undone.`;
  }
  return `${isOne ? "This device is" : "These devices are"} signed out and must sign in again. This can't be undone.`;
}

function Usage({ token: { lastUsed } }: { token: TokenView }) {
  if (!lastUsed) return "Never used.";
  const { at, agent, address } = lastUsed;
  return (
    <>
      Last used <RelativeTime at={at} />
      {agent && ` by ${agent}`}
      {address && ` from ${address}`}.
    </>
  );
}
