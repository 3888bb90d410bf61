"use client";

import { Button } from "@/components/ui/button";
import { countIn, countOf, labelOf, type TokenAction } from "./labels";
import type { ListedToken } from "./listed-token";
import type { TokenPage } from "./token-page";

const changes: TokenAction[] = ["enable", "disable", "remove"];

/** The buttons for the selected tokens. Each says how many of them it applies to. */
export default function SelectionActions({
  selected,
  all,
  isBusy,
  onStart,
}: {
  selected: ListedToken[];
  /** Given when all tokens that match are selected, on other pages too. */
  all?: TokenPage;
  isBusy?: boolean;
  onStart: (change: TokenAction, tokens: ListedToken[]) => void;
}) {
  return changes.map((change) => {
    const able = selected.filter((token) => token.can[change]);
    return (
      able.length > 0 && (
        <Button key={change} size="sm" busy={isBusy} onClick={() => onStart(change, able)}>
          {labelOf(change, all ? countOf(all.match.kind, all.total) : countIn(able))}
        </Button>
      )
    );
  });
}
