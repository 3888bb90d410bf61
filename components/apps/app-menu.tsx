"use client";

import { CalendarClock, Copy, ExternalLink, Power, PowerOff, Settings2, Trash2 } from "lucide-react";
import { MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import type { AppView } from "@/lib/apps/schema";
import { appPath } from "./cells";
import type { AppAction } from "./labels";

/** The menu of an app's row. An ellipsis marks actions that ask first. */
export default function AppMenu({ app, start }: { app: AppView; start: (change: AppAction, apps: AppView[]) => void }) {
  const { can, slug } = app;
  return (
    <>
      <MenuLink href={`/apps/${slug}`} icon={<Settings2 aria-hidden />}>
        Manage
      </MenuLink>
      <MenuLink href={appPath(slug)} icon={<ExternalLink aria-hidden />}>
        Open app
      </MenuLink>
      {can.duplicate && (
        <MenuLink href={`/apps/new?from=${slug}`} icon={<Copy aria-hidden />}>
          Duplicate
        </MenuLink>
      )}
      {can.enable && (
        <MenuItem icon={<Power aria-hidden />} onClick={() => start("enable", [app])}>
          Enable
        </MenuItem>
      )}
      {can.disable && (
        <MenuItem icon={<PowerOff aria-hidden />} onClick={() => start("disable", [app])}>
          Disable
        </MenuItem>
      )}
      {can.expire && (
        <MenuItem icon={<CalendarClock aria-hidden />} onClick={() => start("expire", [app])}>
          Change expiration…
        </MenuItem>
      )}
      {can.remove && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Trash2 aria-hidden />} onClick={() => start("remove", [app])}>
            Remove…
          </MenuItem>
        </>
      )}
    </>
  );
}
