"use client";

import {
  AppWindow,
  CircleUserRound,
  House,
  KeyRound,
  Layers,
  ListChecks,
  Menu,
  ScrollText,
  UserCog,
  Users,
  X,
} from "lucide-react";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { showShortcuts } from "@/components/palette/shortcuts-event";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";

const groups = [
  {
    name: "Run",
    places: [
      { name: "Home", href: "/", icon: <House aria-hidden /> },
      { name: "Workspaces", href: "/workspaces", icon: <Layers aria-hidden /> },
      { name: "Apps", href: "/apps", icon: <AppWindow aria-hidden /> },
      { name: "Jobs", href: "/jobs", icon: <ListChecks aria-hidden /> },
    ],
  },
  {
    name: "User Settings",
    places: [
      { name: "Manage Tokens", href: "/settings/tokens", icon: <KeyRound aria-hidden /> },
      { name: "Account", href: "/settings/account", icon: <CircleUserRound aria-hidden /> },
    ],
  },
];

const administration = {
  name: "Administration",
  places: [
    { name: "Users", href: "/admin/users", icon: <Users aria-hidden /> },
    { name: "Roles", href: "/admin/roles", icon: <UserCog aria-hidden /> },
    { name: "Audit log", href: "/admin/audit", icon: <ScrollText aria-hidden /> },
  ],
};

/** The navigation: a column beside the page. On a narrow screen it is a bar above the page with a "Menu" button. */
export function Sidebar({ administers, account }: { administers: boolean; account: ReactNode }) {
  const path = usePathname();
  const [openedOn, setOpenedOn] = useState<string | null>(null);
  const open = openedOn === path;

  return (
    <header className="sticky top-0 z-30 flex flex-col border-line bg-canvas max-md:border-b md:h-dvh md:border-r">
      <div className="flex h-12 shrink-0 items-center justify-between px-4">
        <Link href="/" className="flex h-8 items-center gap-2 rounded font-semibold tracking-tight">
          <Mark />
          Tessera
        </Link>
        <button
          type="button"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpenedOn(open ? null : path)}
          className="-mr-2 flex h-8 items-center gap-2 rounded px-2 text-muted hover:bg-sunken hover:text-ink md:hidden [&_svg]:size-4"
        >
          {open ? <X aria-hidden /> : <Menu aria-hidden />}
          Menu
        </button>
      </div>
      <div
        id="navigation"
        className={cx("min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-2 md:flex", open ? "flex" : "hidden")}
      >
        <nav aria-label="Main" className="flex flex-1 flex-col gap-4 pt-2">
          {(administers ? [...groups, administration] : groups).map((group) => (
            <div key={group.name}>
              <p className="px-2 pb-1 text-xs text-muted">{group.name}</p>
              <ul>
                {group.places.map((place) => (
                  <li key={place.href}>
                    <Link
                      href={place.href}
                      aria-current={isOn(path, place.href) ? "page" : undefined}
                      className={
                        "flex h-8 items-center gap-2 rounded px-2 text-muted transition-colors hover:bg-sunken hover:text-ink " +
                        "focus-visible:-outline-offset-2 aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink " +
                        "[&_svg]:size-4 aria-[current=page]:[&_svg]:text-clay-ink"
                      }
                    >
                      <LinkIcon icon={place.icon} />
                      {place.name}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="flex gap-4 px-2 pt-4 text-sm text-muted">
          <Link href="/docs/api" className="rounded-[4px] py-0.5 hover:text-ink">
            API reference
          </Link>
          <button type="button" onClick={showShortcuts} className="rounded-[4px] py-0.5 hover:text-ink max-md:hidden">
            Shortcuts
          </button>
        </div>
        {account}
      </div>
    </header>
  );
}

const isOn = (path: string, href: string) => (href === "/" ? path === href : path.startsWith(href));

/** The icon of a link. It pulses while the page of the link loads. */
function LinkIcon({ icon }: { icon: ReactNode }) {
  const { pending } = useLinkStatus();
  return <span className={cx("contents", pending && "[&_svg]:animate-pulse [&_svg]:text-clay-ink")}>{icon}</span>;
}
