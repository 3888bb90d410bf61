"use client";

import { Copy, History, Pencil, Power, PowerOff, Trash2 } from "lucide-react";
import { MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import type { TokenView } from "@/lib/tokens/schema";
import type { TokenAction } from "./labels";

/** The menu of a token's row. An ellipsis marks actions that ask first. */
export default function TokenMenu({
  token,
  start,
}: {
  token: TokenView;
  start: (change: TokenAction, tokens: TokenView[]) => void;
}) {
  const { can, id, state, current } = token;
  return (
    <>
      <MenuLink href={`/settings/tokens/${id}`} icon={can.edit ? <Pencil aria-hidden /> : <History aria-hidden />}>
        {can.edit ? "Edit" : "History"}
      </MenuLink>
      {can.duplicate && (
        <MenuLink href={`/settings/tokens/new?from=${id}`} icon={<Copy aria-hidden />}>
          Duplicate
        </MenuLink>
      )}
      {can.enable && (
        <MenuItem icon={<Power aria-hidden />} onClick={() => start("enable", [token])}>
          {state === "expired" ? "Enable…" : "Enable"}
        </MenuItem>
      )}
      {can.disable && (
        <MenuItem icon={<PowerOff aria-hidden />} onClick={() => start("disable", [token])}>
          {current ? "Disable…" : "Disable"}
        </MenuItem>
      )}
      {can.remove && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Trash2 aria-hidden />} onClick={() => start("remove", [token])}>
            Remove…
          </MenuItem>
        </>
      )}
    </>
  );
}
