"use client";

import { ExternalLink } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { useOrigin } from "@/components/ui/use-origin";
import { appPath } from "./cells";

/** The URL for visitors, with buttons to open and copy it. */
export function AppUrl({ slug }: { slug: string }) {
  const url = `${useOrigin()}${appPath(slug)}`;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <a
        href={appPath(slug)}
        target="_blank"
        rel="noreferrer"
        className="inline-flex min-h-6 min-w-0 items-center gap-1.5 rounded-[4px] font-mono text-sm text-clay-ink underline underline-offset-2"
      >
        <span className="min-w-0 break-all">{url}</span>
        <ExternalLink aria-hidden className="size-3.5 shrink-0" />
        <span className="sr-only">(opens in a new tab)</span>
      </a>
      <CopyButton text={url} label="Copy URL" size="sm" />
    </div>
  );
}
