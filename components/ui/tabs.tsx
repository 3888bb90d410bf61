"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { tabClass, tabListClass } from "./tab-links";

/** Tabs over panels of one page, whose choice need not be in the URL. For tabs that are places, use `TabLinks`. */
export function Tabs({
  label,
  tabs,
  defaultTab,
  value,
  onValueChange,
}: {
  label: string;
  tabs: { id: string; name: ReactNode; panel: ReactNode }[];
  defaultTab?: string;
  value?: string;
  onValueChange?: (id: string) => void;
}) {
  return (
    <Base.Root
      defaultValue={defaultTab ?? tabs[0]?.id}
      value={value}
      onValueChange={(id) => onValueChange?.(String(id))}
    >
      <Base.List aria-label={label} className={tabListClass}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} className={tabClass}>
            {tab.name}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className="pt-4">
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
