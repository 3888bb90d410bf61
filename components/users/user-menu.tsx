"use client";

import { KeyRound, Pencil, Power, PowerOff, Trash2 } from "lucide-react";
import { MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import type { UserView } from "@/lib/users/schema";
import { userHref } from "./search";
import type { UserChange } from "./use-user-changes";

/** The menu of a user's row. */
export default function UserMenu({
  user,
  self,
  start,
}: {
  user: UserView;
  self: string;
  start: (change: UserChange, user: UserView) => void;
}) {
  const { can } = user;
  const switches = can.change && user.userName !== self;
  return (
    <>
      <MenuLink href={userHref(user.userName)} icon={<Pencil aria-hidden />}>
        {can.change ? "Edit" : "Open"}
      </MenuLink>
      {can.resetPassword && (
        <MenuItem icon={<KeyRound aria-hidden />} onClick={() => start("reset", user)}>
          Reset password…
        </MenuItem>
      )}
      {switches && !user.enabled && (
        <MenuItem icon={<Power aria-hidden />} onClick={() => start("enable", user)}>
          Enable
        </MenuItem>
      )}
      {switches && user.enabled && (
        <MenuItem icon={<PowerOff aria-hidden />} onClick={() => start("disable", user)}>
          Disable…
        </MenuItem>
      )}
      {can.remove && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Trash2 aria-hidden />} onClick={() => start("remove", user)}>
            Remove…
          </MenuItem>
        </>
      )}
    </>
  );
}
