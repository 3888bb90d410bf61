import { ChevronsUpDown, CircleUserRound } from "lucide-react";
import type { ReactNode } from "react";
import { ThemeChoice } from "./theme-choice";

/** Shows the signed-in user and opens a menu with the theme and the sign-out button. The native popover works without JavaScript. */
export function Account({ userName, signOut }: { userName: string; signOut: ReactNode }) {
  return (
    <>
      <button
        type="button"
        popoverTarget="account"
        className="mt-2 flex h-9 items-center gap-2 rounded px-2 text-left hover:bg-sunken focus-visible:-outline-offset-2 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
      >
        <CircleUserRound aria-hidden />
        <span className="sr-only">Account: </span>
        <span className="min-w-0 flex-1 truncate font-medium">{userName}</span>
        <ChevronsUpDown aria-hidden />
      </button>
      <div
        id="account"
        popover="auto"
        className="popup fixed inset-auto bottom-4 left-4 w-72 max-w-[calc(100vw-2rem)] p-0 md:bottom-13 md:left-2"
      >
        <p className="truncate border-b border-line px-3 py-2">
          <span className="text-muted">Signed in as </span>
          <span className="font-medium">{userName}</span>
        </p>
        <ThemeChoice />
        <div className="border-t border-line p-2">{signOut}</div>
      </div>
    </>
  );
}
