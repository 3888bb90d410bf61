"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import type { TokenView } from "@/lib/tokens/schema";
import { countIn, labelOf, type TokenAction, whatIn } from "./labels";

const namesMax = 5;

/**
 * Asks before tokens are removed, and before the session of this page is ended. Says what used each token and when, so
 * that one knows what will stop.
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
                    <strong>The app /a/{token.app.slug} stops working</strong> until you issue it a new token.
                  </>
                )}
              </li>
            ))}
            {tokens.length > namesMax && <li>and {tokens.length - namesMax} more.</li>}
          </ul>
          <p>
            Whatever still uses {tokens.length === 1 ? "it" : "them"} is refused from then on. This cannot be taken
            back; the history stays.
          </p>
        </>
      )}
      {tokens.some((token) => token.current) && (
        <p>
          <strong>You are using this session now, so you will be signed out.</strong> After signing in again you come
          back here.
        </p>
      )}
    </ConfirmDialog>
  );
}

function Usage({ token: { lastUsed } }: { token: TokenView }) {
  if (!lastUsed) return "Never used.";
  const by = [lastUsed.agent, lastUsed.address].filter(Boolean).join(" at ");
  return (
    <>
      Last used <RelativeTime at={lastUsed.at} />
      {by && ` by ${by}`}.
    </>
  );
}
