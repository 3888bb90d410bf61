import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { NotAvailable } from "@/components/apps/not-available";
import { OwnersNotice } from "@/components/apps/owners-notice";
import { RunPublicApp } from "@/components/apps/run-public-app";
import { getApp } from "@/lib/apps/queries";
import { getPublicApp } from "@/lib/apps/running";
import type { AppView, PublicApp } from "@/lib/apps/schema";
import { currentActor } from "@/lib/auth/current-actor";
import { pageFailure } from "@/lib/auth/page-outage";
import { requesterOf } from "@/lib/auth/requester";
import { Refusal } from "@/lib/errors";

interface PageProps {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const app = await readRunningApp((await params).slug);
  return app
    ? { title: { absolute: app.name }, description: app.description || undefined }
    : { title: "App not available" };
}

/** The page of an app, for anybody who has its URL. */
export default async function PublicAppPage({ params }: PageProps) {
  const { slug } = await params;
  const app = await readRunningApp(slug);
  if (!app) return <UnavailableApp slug={slug} />;
  return (
    <>
      <header>
        <h1 className="text-xl font-semibold tracking-tight break-words">{app.name}</h1>
        {app.description && <p className="mt-1 max-w-prose whitespace-pre-line text-muted">{app.description}</p>}
      </header>
      <RunPublicApp app={app} />
    </>
  );
}

/** Shown if the app does not run: the not-found page for visitors, or the reason for users who manage the app. */
async function UnavailableApp({ slug }: { slug: string }) {
  const app = await readManagedApp(slug);
  if (!app) notFound();
  return (
    <NotAvailable>
      <OwnersNotice app={app} />
    </NotAvailable>
  );
}

/** Reads an app once per request. Null if it does not exist or does not run, and visitors do not learn which. */
const readRunningApp = cache(
  async (slug: string): Promise<PublicApp | null> => orNull(getPublicApp(requesterOf(await headers()), slug)),
);

async function readManagedApp(slug: string): Promise<AppView | null> {
  const who = await currentActor();
  return who && orNull(getApp(who, slug));
}

async function orNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") return null;
    throw pageFailure(error);
  }
}
